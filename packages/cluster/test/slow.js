/** Makes a worker that hangs for three seconds in each fit, and answers no one meanwhile. */
import { Network } from 'deltaprop'

const fit = Reflect.get(Network.prototype, 'fit')
Network.prototype.fit = function (/** @type {Parameters<typeof fit>} */ ...given) {
  const end = Date.now() + 3000
  while (Date.now() < end);
  return fit.apply(this, given)
}
