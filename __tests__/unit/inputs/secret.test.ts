import { expect, it } from 'vitest'
import { read, withSecret } from './fixture.ts'

it('reads the secret, and describes minted tokens with its name', async () => {
  const { secret, description } = await read(
    {
      ...withSecret,
      adopt: 'true',
      'service-accounts': 'default,ci\ndefault',
      labels: 'team=a\n example.com/stage = \n',
      annotations: 'note=a=b, c\n',
    },
    { GITHUB_REPOSITORY: 'acme/shop' },
  )
  expect(secret).toEqual({
    name: 'pull',
    serviceAccounts: ['default', 'ci'],
    labels: { team: 'a', 'example.com/stage': '' },
    annotations: { note: 'a=b, c' },
    adopt: true,
    owner: { repository: 'acme/shop', provider: 'dedicated', hosts: ['registry.d1.example.net'] },
  })
  expect(description).toBe('registry-pull-secret acme/shop pull')
  expect((await read({ ...withSecret, 'token-description': 'for the shop' })).description).toBe('for the shop')
})
