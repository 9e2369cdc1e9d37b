// Others edit the service account and the secret while the step runs.
import { expect, it } from 'vitest'
import { accountEditor, editTogether, hostEditor, noteEditor } from '../support/kubernetes/editors.ts'
import { SECRET, tell } from './harness.ts'

tell('others at work', (openScene) => {
  it('lose nothing while a token is rotated, and the new one is everywhere', { timeout: 120_000 }, async () => {
    await using scene = await openScene()
    const { kube, namespace } = scene
    const inputs = { 'service-accounts': 'default', 'max-age': '0' }
    await scene.run({ 'max-age': '0' })
    const tokens: (string | undefined)[] = []
    const rotate = async () => {
      while (tokens.length < 3) {
        const { code, annotations, outputs } = await scene.run(inputs)
        expect({ code, annotations }).toEqual({ code: 0, annotations: [] })
        tokens.push(outputs.token)
      }
    }

    const path = `/api/v1/namespaces/${namespace}`
    const secretEditors = [hostEditor('a'), hostEditor('b'), noteEditor('c')]
    const accountEditors = [accountEditor('a'), accountEditor('b')]
    const rotated = Promise.withResolvers<void>()
    const [secret, account] = await Promise.all([
      editTogether(kube, `${path}/secrets`, SECRET, secretEditors, () => rotate().finally(rotated.resolve)),
      editTogether(kube, `${path}/serviceaccounts`, 'default', accountEditors, () => rotated.promise),
    ])
    expect(secret.losses).toEqual([])
    expect(account.losses).toEqual([])
    for (const count of Object.values({ ...secret.edits, ...account.edits })) expect(count).toBeGreaterThan(3)

    expect(account.versions.at(-1)?.imagePullSecrets).toContainEqual({ name: SECRET })
    const stored = Buffer.from(secret.versions.at(-1)?.data['.dockerconfigjson'], 'base64').toString()
    expect(JSON.parse(stored).auths[new URL(scene.ibm.registry).host].password).toBe(tokens.at(-1))
    expect(new Set(tokens).size).toBe(3)
  })
})
