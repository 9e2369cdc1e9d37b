// What the builder says about choices that the action would refuse, and that it never repeats what may be a secret.
import { describe, expect, it } from 'vitest'
import { accessManifest } from '../../../scripts/builder/access.ts'
import type { Choices } from '../../../scripts/builder/choices.ts'
import { commandsOf } from '../../../scripts/builder/commands.ts'
import { fieldsOf } from '../../../scripts/builder/fields.ts'
import { problemsOf } from '../../../scripts/builder/problems.ts'
import { workflowOf } from '../../../scripts/builder/workflow.ts'
import { COMBINATIONS, choose, data } from './sample-choices.ts'

/** The choices for the first registry, with one value changed. */
function withValue(name: string, value: string): Choices {
  return choose('any-registry', { values: { [name]: value } })
}

describe('problems', () => {
  it.each([
    ['docker-server', '', 'Input `docker-server` is required when `provider` is `static`. Set the registry hosts'],
    ['docker-server', 'GHCR.io', 'Input `docker-server` contains "GHCR.io". Allowed: hosts in lower case'],
    ['secret-name', 'A b', 'Input `secret-name` is "A b". Allowed: lower-case letters'],
    ['namespaces', 'team_a', 'Input `namespaces` contains "team_a". Allowed: names such as team-a'],
    ['max-age', '7 days', 'Input `max-age` is "7 days". Allowed: 0, or a number with a unit'],
    ['concurrency', '0', 'Input `concurrency` is "0". Allowed: a whole number from 1 to 256.'],
    ['ca-certificates', 'none', 'Input `ca-certificates` contains no valid certificate.'],
    ['verify-image', 'A B', 'Input `verify-image` is "A B". Allowed: '],
    ['kubeconfig', '', 'Input `kubeconfig` is required for the login that you chose.'],
  ])('are those of the action: %s', (name, value, text) => {
    expect(problemsOf(data, withValue(name, value))).toEqual([{ input: name, text: expect.stringContaining(text) }])
  })

  it.each(['api-key', 'oauth-token', 'passcode'])('are found where the chosen login has no secret: %s', (login) => {
    const values = { [login]: '' }
    expect(problemsOf(data, choose('rotate', { login, values }))).toMatchObject([{ input: login }])
    expect(problemsOf(data, choose('rotate', { login: 'cli', values }))).toEqual([])
  })

  it('are found between inputs', () => {
    const values = { 'expires-in': '10d' }
    expect(problemsOf(data, choose('harbor', { values }))).toMatchObject([
      { input: 'expires-in', text: expect.stringContaining('less than twice `max-age`, which is 30 days') },
    ])
    const short = choose('rotate', { values: { 'organization-guid': 'guid-1' } })
    expect(problemsOf(data, short)).toMatchObject([{ input: 'organization-guid' }])
  })

  it.each<[Partial<Choices>, string]>([
    [{ access: 'oidc', user: ' ' }, 'user'],
    [{ cron: 'every day' }, 'cron'],
    [{ cron: '17 5 * * *; x' }, 'cron'],
  ])('are found in the fields that are no input: %j', (changes, input) => {
    expect(problemsOf(data, choose('ghcr', changes))).toMatchObject([{ input }])
  })
})

describe('a secret that a person types by mistake', () => {
  const secret = 'hunter2-builder!secret'

  it.each(COMBINATIONS.filter(([, { deployment }]) => deployment === 'nothing'))(
    'is shown nowhere: %s',
    (_, choices) => {
      const names = fieldsOf(data, choices).flatMap(({ name, isSecret }) => (isSecret ? [name] : []))
      for (const name of names) {
        const typed = { ...choices, values: { ...choices.values, [name]: secret } }
        const workflow = workflowOf(data, typed)
        const problems = problemsOf(data, typed)
        const shown = [
          workflow,
          accessManifest(data, typed),
          commandsOf(data, typed, workflow),
          JSON.stringify(problems),
        ]
        expect(shown.join('\n')).not.toContain('hunter2')
        expect(workflow).toContain(`${name}: \${{ secrets.NAME_OF_THE_SECRET }}`)
        expect(problems.map(({ input }) => input)).toContain(name)
      }
    },
  )

  it('has a field for each input that takes one', () => {
    const names = new Set(
      COMBINATIONS.flatMap(([, choices]) => fieldsOf(data, choices))
        .filter(({ isSecret }) => isSecret)
        .map(({ name }) => name),
    )
    expect([...names].sort()).toEqual([
      'api-key',
      'docker-config',
      'docker-password',
      'kubeconfig',
      'oauth-token',
      'passcode',
      'password',
    ])
  })
})
