// Reports what the entries export, as TypeScript sees it in dist/: `node scripts/api.js` writes api/<entry>.api.md.
// With --check it writes nothing, but names the reports that are out of date, and fails if there are any.
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { entries } from './entries.js'

const isCheck = process.argv.includes('--check')
const folder = 'api'
const temporary = 'build/api'

/** Typedoc already checks that everything is exported and has a docstring. */
const quiet = { default: { logLevel: ExtractorLogLevel.None } }

/**
 * @param {import('./entries.js').Entry} entry
 * @returns {boolean} whether its report is unchanged
 */
function report({ name, declarations }) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: resolve('.'),
      mainEntryPointFilePath: resolve(declarations),
      compiler: { tsconfigFilePath: resolve('tsconfig.types.json') },
      newlineKind: 'lf',
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: resolve(folder),
        reportTempFolder: resolve(temporary),
        // Types that are not exported themselves, such as the lists of names, are part of types that are.
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: { extractorMessageReporting: quiet, tsdocMessageReporting: quiet },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: resolve('package.json'),
  })
  const { apiReportChanged, errorCount } = Extractor.invoke(config, {
    localBuild: !isCheck,
    messageCallback(message) {
      // Changed reports are printed below; the version of TypeScript in use is not printed at all.
      if (message.logLevel !== ExtractorLogLevel.Error) message.handled = true
    },
  })
  if (errorCount > 0) throw new Error(`${declarations}: expected declarations without errors`)
  return !apiReportChanged
}

mkdirSync(folder, { recursive: true })
mkdirSync(temporary, { recursive: true })
const stale = entries.filter((entry) => !report(entry)).map(({ name }) => `${folder}/${name}.api.md`)
const left = readdirSync(folder)
  .filter((file) => !entries.some(({ name }) => file === `${name}.api.md`))
  .map((file) => `${folder}/${file}`)
if (isCheck && stale.length + left.length > 0) {
  console.error(`${[...stale, ...left].join(', ')}: expected what the entries export; npm run api writes it`)
  process.exitCode = 1
}
if (!isCheck) {
  for (const file of left) rmSync(file)
  console.log(stale.length === 0 ? 'as they were' : `written: ${stale.join(', ')}`)
}
