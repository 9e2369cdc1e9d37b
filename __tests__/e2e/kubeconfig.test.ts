// Kubeconfigs as people have them.
import { mkdirSync, mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dump, load } from 'js-yaml'
import { expect, it } from 'vitest'
import { signHs256 } from '../support/ibm/jwt.ts'
import { startOidcIssuer } from '../support/oidc-issuer.ts'
import { expectOneError } from './failed-run.ts'
import { describeScenarios } from './harness.ts'

describeScenarios('a kubeconfig', (openScenario) => {
  it('can be the wrapped base64 of one, which is masked', async () => {
    await using scenario = await openScenario()
    const base64 = btoa(scenario.kube.kubeconfig())
    const result = await scenario.run({ kubeconfig: base64.replaceAll(/.{76}/g, '$&\n') })
    expect(result).toMatchObject({ code: 0, annotations: [] })
    expect(result.masks).toContain(base64)
  })

  it('that is not set is the one of the runner, and a notice says which', async () => {
    await using scenario = await openScenario()
    using home = mkdtempDisposableSync(join(tmpdir(), 'home-'))
    mkdirSync(join(home.path, '.kube'))
    writeFileSync(join(home.path, '.kube', 'config'), scenario.kube.kubeconfig({ context: 'lab' }))
    const result = await scenario.run({ kubeconfig: '' }, { HOME: home.path })
    expect(result).toMatchObject({ code: 0, annotations: [] })
    expect(result.notices.map(({ message }) => message)).toContain(
      `\`kubeconfig\` is empty: using the context lab (${scenario.kube.url}), found in ${join(home.path, '.kube', 'config')}.`,
    )
  })

  it('that names files of another machine is an error with the command that inlines them, without a request', async () => {
    await using scenario = await openScenario()
    const kubeconfig = scenario.kube
      .kubeconfig()
      .replace(/certificate-authority-data: .*/, 'certificate-authority: /home/me/.minikube/ca.crt')
    const result = await scenario.run({ kubeconfig })
    expectOneError(result, [
      'names the file "/home/me/.minikube/ca.crt" (certificate-authority)',
      'kubectl config view --raw --flatten --minify',
    ])
    expect(scenario.requests()).toEqual([])
  })

  it('with the expired login of a person refreshes it once, or is an error that says what to use instead', async () => {
    await using scenario = await openScenario()
    await using issuer = await startOidcIssuer(() => scenario.kube.adminToken)
    using folder = mkdtempDisposableSync(join(tmpdir(), 'oidc-'))
    const path = join(folder.path, 'config')
    writeFileSync(join(folder.path, 'idp.pem'), issuer.certificateAuthority)
    const parts = load(scenario.kube.kubeconfig()) as { users: [{ user: object }] }
    const provider = {
      'idp-issuer-url': issuer.url,
      'idp-certificate-authority': 'idp.pem',
      'client-id': 'kube',
      'client-secret': 'kube-secret',
      'id-token': signHs256({ exp: 1_700_000_000 }, 's'),
      'refresh-token': issuer.refreshToken,
    }
    parts.users[0].user = { 'auth-provider': { name: 'oidc', config: provider } }
    writeFileSync(path, dump(parts))

    const result = await scenario.run({ kubeconfig: path })

    expect(result).toMatchObject({ code: 0, annotations: [] })
    expect(issuer.refreshes).toHaveLength(1)
    const shown = [result.stdout.replace(/^::add-mask::.*$/gm, ''), result.summary, JSON.stringify(result.state)].join(
      '\n',
    )
    for (const token of issuer.issued) expect(shown).not.toContain(token)

    // The issuer has replaced the refresh token, and the file has the old one.
    const later = await scenario.run({ kubeconfig: path })
    expectOneError(later, ['could not be refreshed', 'invalid_grant', 'the interactive login of a person'])
  })
})
