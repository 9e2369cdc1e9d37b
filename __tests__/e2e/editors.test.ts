// Other clients edit the service account and the secret while the step runs.
import { expect, it } from 'vitest'
import { accountEditor, editTogether, hostEditor, noteEditor } from '../support/kubernetes/editors.ts'
import { describeScenarios, SECRET } from './harness.ts'

describeScenarios(
  'other clients',
  (openScenario) => {
    it('keep their edits while a token is rotated, and the new token is written', { timeout: 120_000 }, async () => {
      await using scenario = await openScenario()
      const { kube, namespace } = scenario
      const inputs = { 'service-accounts': 'default', 'max-age': '0' }
      await scenario.run({ 'max-age': '0' })
      const tokens: (string | undefined)[] = []
      const rotate = async () => {
        while (tokens.length < 3) {
          const { code, annotations, outputs } = await scenario.run(inputs)
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
      expect(JSON.parse(stored).auths[new URL(scenario.ibm.registry).host].password).toBe(tokens.at(-1))
      expect(new Set(tokens).size).toBe(3)
    })
  },
  { onlyOnReal: true },
)
