/** A command that knows what other programs call its options. */
import { Command, type ErrorOptions } from 'commander'
import { suggestion, type OtherNames } from '../base/suggest.js'

/** The names of options elsewhere, see OtherNames; with the short names of the library. */
const others: OtherNames = {
  'lr eta': '--learning-rate',
  'niter maxiter iterations': '--epochs',
  'njobs workers': '--threads',
  'njobs workers jobs threads': '--parallel',
  'clipnorm clipgradients clipgradnorm': '--max-gradient-norm',
  'units neurons layers hiddenlayersizes': '--hidden',
  weightdecay: '--l2',
  earlystopping: '--patience',
  'testsize split': '--holdout',
  randomstate: '--seed',
  'label y': '--target',
  'output save': '--out',
  'exclude drop': '--ignore',
  'normalize scaler standardize': '--scale',
  'sep separator': '--delimiter',
  'navalues nullvalues': '--missing-values',
  'cv k kfold nsplits': '--folds',
  'scoring metric': '--score',
  'space grid paramgrid params choose': '--try',
}

/** Commander suggests flags of similar letters, `--l1` for `--lr`. */
export class ForgivingCommand extends Command {
  override createCommand(name?: string): ForgivingCommand {
    return new ForgivingCommand(name)
  }

  override error(text: string, options?: ErrorOptions): never {
    if (options?.code !== 'commander.unknownOption') return super.error(text, options)
    const [fact] = text.split('\n')
    const [, given = ''] = fact.split("'")
    const flags = this.options.flatMap(({ long }) => long ?? [])
    const hint = suggestion(given, flags, others).replace(/^d/, 'D')
    return super.error(hint === '' ? text : `${fact}\n(${hint})`, options)
  }
}
