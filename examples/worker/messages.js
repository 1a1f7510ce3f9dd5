// @ts-check
/**
 * What the two threads say to each other.
 *
 * @typedef {object} Data
 * @property {Float32Array} x samples × inputs
 * @property {Float32Array} y samples × outputs
 *
 * @typedef {object} Job what the worker is started with
 * @property {Uint8Array} network as toBytes gives it
 * @property {Data} data
 * @property {Data} validation
 * @property {Plan} plan
 *
 * @typedef {object} Plan
 * @property {number} epochs
 * @property {number} batchSize
 * @property {number} learningRate of adam
 *
 * @typedef {'pause' | 'resume' | 'cancel'} Command to the worker
 *
 * @typedef {object} Progress
 * @property {number} epoch
 * @property {number} loss
 * @property {number} accuracy on the validation
 *
 * @typedef {{ type: 'epoch' } & Progress
 *   | { type: 'paused' }
 *   | { type: 'done', network: Uint8Array<ArrayBuffer>, cancelled: boolean }} Report from the worker
 */

export {}
