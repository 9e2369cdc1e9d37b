// Kubeconfigs as people have them.
import { mkdirSync, mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { leaks } from '../support/secrecy.ts'
import { expectOneError } from './failed-run.ts'
import { describeScenarios } from './harness.ts'

describeScenarios('a kubeconfig', (openScenario) => {
  it('can be the wrapped base64 of one, which is masked', async () => {
    await using scenario = await openScenario()
    const base64 = btoa(scenario.kube.kubeconfig())
    const result = await scenario.run({ kubeconfig: base64.replaceAll(/.{76}/g, '$&\n') })
    expect(result).toMatchObject({ code: 0, annotations: [] })
    expect(result.masks).toContain(base64)
    expect(leaks(scenario, result)).toEqual([])
  })

  it('that is not set is the one of the runner, and the log says which', async () => {
    await using scenario = await openScenario()
    using home = mkdtempDisposableSync(join(tmpdir(), 'home-'))
    mkdirSync(join(home.path, '.kube'))
    writeFileSync(join(home.path, '.kube', 'config'), scenario.kube.kubeconfig({ context: 'lab' }))
    const result = await scenario.run({ kubeconfig: '' }, { HOME: home.path })
    expect(result).toMatchObject({ code: 0, annotations: [] })
    expect(result.log).toContain(
      `\`kubeconfig\` is empty: using the context lab (${scenario.kube.url}), found in ${home.path}/.kube/config.`,
    )
  })

  it('that names files of another machine is an error with the command that inlines them, without a request', async () => {
    await using scenario = await openScenario()
    const kubeconfig = scenario.kube
      .kubeconfig()
      .replace(/certificate-authority-data: .*/, 'certificate-authority: /home/me/.minikube/ca.crt')
    const result = await scenario.run({ kubeconfig })
    expectOneError(scenario, result, [
      'names the file "/home/me/.minikube/ca.crt" (certificate-authority)',
      'kubectl config view --raw --flatten --minify',
    ])
    expect(scenario.requests()).toEqual([])
  })
})
