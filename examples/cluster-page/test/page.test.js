// @ts-check
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { connect } from '@nats-io/transport-node'
import { cluster } from 'deltaprop-cluster'
import { chromium } from 'playwright-core'
import { chromiumOptions } from '../../page/browser.js'
import { start } from '../demo.js'
import { MISSING } from '../nats.js'
import { searchDigits } from '../search.js'

/** Why nothing can be tested here; undefined: it can. */
function missing() {
  if (spawnSync('nats-server', ['--version']).error !== undefined) return MISSING
  const browser = chromiumOptions.executablePath
  return existsSync(browser) ? undefined : `expected a browser at ${browser}`
}
const skip = missing()
