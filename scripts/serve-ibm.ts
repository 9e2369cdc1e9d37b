// Emulated IBM services for a job on GitHub: writes where they are, and an API key, to $GITHUB_OUTPUT, and runs until it is ended.
import { appendFileSync } from 'node:fs'
import { findBinary } from '../__tests__/support/binaries.ts'
import { startFakeIbm } from '../__tests__/support/ibm/environment.ts'
import { startDockerRegistry } from '../__tests__/support/registry/docker-registry.ts'

const { GITHUB_OUTPUT } = process.env
if (!GITHUB_OUTPUT) throw new Error('GITHUB_OUTPUT is not set: this script is for a step of a workflow')
const registry = findBinary('docker-registry')
const ibm = await startFakeIbm(registry === undefined ? {} : { startRegistry: startDockerRegistry })
const outputs = {
  'api-endpoint': ibm.api,
  'registry-endpoint': ibm.registry,
  organization: ibm.organization.name,
  image: `${ibm.image.repository}:${ibm.image.tag}`,
  'api-key': ibm.login.apiKey,
}
// All at once: the step waits for one of them.
const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value}\n`)
appendFileSync(GITHUB_OUTPUT, lines.join(''))
console.log(`Registry: ${registry ?? 'a fake'}`)
process.once('SIGTERM', () => {
  void ibm[Symbol.asyncDispose]().then(() => process.exit())
})
