/** The version of deltaprop, that of its package.json: who computes together compares it. */
export const version = '0.1.0'
