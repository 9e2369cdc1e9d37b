// The CAs that vouch for servers outside the clusters.
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startFakeIbm } from '../support/ibm/environment.ts'
import { staticInputs } from '../support/ibm/inputs.ts'
import { runStep } from '../support/runner/runner.ts'

it('a registry is trusted by a CA of the system, and not without one', async () => {
  await using ibm = await startFakeIbm({ tls: true })
  await using folder = await mkdtempDisposable(join(tmpdir(), 'trust-'))
  const file = join(folder.path, 'ca.pem')
  await writeFile(file, ibm.certificateAuthority ?? '')
  const inputs = staticInputs(ibm, ibm.mintToken().value)

  const trusted = await runStep({ inputs, env: { SSL_CERT_FILE: file } })
  const untrusted = await runStep({ inputs })

  expect(trusted).toMatchObject({ code: 0, annotations: [] })
  expect(untrusted.code).toBe(1)
  expect(untrusted.annotations[0]?.message).toMatch(/certificate is not trusted/)
})
