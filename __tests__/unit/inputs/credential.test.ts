import { describe, expect, it } from 'vitest'
import { redact } from '../../../src/runner/mask.ts'
import { errorsOf, harbor, ibmcloud, type Provided, read, required, SECRET, staticPassword } from './fixture.ts'

describe('provider dedicated', () => {
  it('needs no Cloud Foundry API when a token and a GUID are set', async () => {
    const inputs = {
      'registry-endpoint': 'https://registry.example.com',
      'oauth-token': SECRET,
      'organization-guid': 'g-1',
    }
    expect((await read(inputs)).credential).toMatchObject({
      organization: { guid: 'g-1' },
      login: { method: 'oauth-token' },
    })
    expect(await errorsOf({ ...inputs, 'organization-guid': '', organization: 'acme' })).toEqual([
      expect.stringContaining('`api-endpoint` is required'),
    ])
  })

  it('accepts endpoints instead of a domain, and removes the final slash', async () => {
    const endpoints = { 'api-endpoint': 'https://cf.example.com/', 'registry-endpoint': 'http://127.0.0.1:5000' }
    const { credential, registry } = await read({ organization: 'acme', ...endpoints })
    expect(credential).toMatchObject({
      apiEndpoint: 'https://cf.example.com',
      registryEndpoint: 'http://127.0.0.1:5000',
    })
    expect(registry.servers).toEqual(['127.0.0.1:5000'])
  })

  it.each<[Provided, object]>([
    [{ 'oauth-token': 'abc.def.ghi' }, { method: 'oauth-token', token: 'abc.def.ghi' }],
    [{ 'oauth-token': 'Bearer abc.def.ghi' }, { method: 'oauth-token', token: 'abc.def.ghi' }],
    [{ 'oauth-token': 'bearer  abc.def.ghi' }, { method: 'oauth-token', token: 'abc.def.ghi' }],
    [
      { username: 'jo', password: 'a b=c' },
      { method: 'password', username: 'jo', password: 'a b=c' },
    ],
    [{ 'api-key': 'key' }, { method: 'api-key', apiKey: 'key' }],
    [{ passcode: 'code' }, { method: 'passcode', passcode: 'code' }],
    [{}, { method: 'cli', environment: expect.any(Object) }],
  ])('logs in with %j', async (provided, login) => {
    expect((await read({ ...required, ...provided })).credential).toMatchObject({ login })
  })

  it('masks a token without the word Bearer', async () => {
    await read({ ...required, 'oauth-token': 'Bearer masked-oauth-token' })
    expect(redact('the masked-oauth-token')).toBe('the ***')
  })

  it('accepts the GUID of the organization', async () => {
    const provided = { 'dedicated-domain': 'd1.example.net', 'organization-guid': '7f6c-1' }
    expect((await read(provided)).credential).toMatchObject({ organization: { guid: '7f6c-1' } })
  })
})

describe('provider ibmcloud', () => {
  it.each(['ServiceId-1', 'iam-ServiceId-1', 'crn:v1:bluemix:public:iam-identity::a/a1::serviceid:ServiceId-1'])(
    'accepts the service ID %s',
    async (serviceId) => {
      const inputs = await read({ ...ibmcloud, 'service-id': serviceId, permanent: 'true', write: 'False' })
      expect(inputs.credential).toEqual({
        provider: 'ibmcloud',
        iamEndpoint: 'https://iam.cloud.ibm.com',
        apiKey: `${SECRET}-key`,
        account: 'a1',
        serviceId: { iamId: 'iam-ServiceId-1' },
        expiresInMs: undefined,
      })
      expect(inputs.registry).toMatchObject({ servers: ['us.icr.io'], username: 'iamapikey' })
    },
  )

  it.each(['ci', 'CI image pull', 'für Bilder', 'my-ServiceId-1'])('accepts the name %s', async (name) => {
    expect((await read({ ...ibmcloud, 'service-id': name })).credential).toMatchObject({ serviceId: { name } })
  })

  it.each([
    [{ 'expires-in': '60d' }, 60 * 24 * 60],
    [{ 'expires-in': '2h', 'max-age': '1h' }, 120],
    [{ 'expires-in': '5m', 'max-age': '0' }, 5],
  ])('accepts an expiry of at least twice the age: %j', async (inputs, minutes) => {
    expect((await read({ ...ibmcloud, ...inputs })).credential).toMatchObject({ expiresInMs: minutes * 60_000 })
  })
})

describe('provider harbor', () => {
  it('mints at the server of the endpoint, which is also the registry', async () => {
    const inputs = await read({ ...harbor, 'registry-endpoint': 'https://harbor.example.com:8443/' })
    expect(inputs.credential).toEqual({
      provider: 'harbor',
      endpoint: 'https://harbor.example.com:8443',
      username: 'jo',
      password: `${SECRET}-harbor`,
      projects: ['team'],
      expiresInMs: undefined,
    })
    expect(inputs.registry).toMatchObject({ servers: ['harbor.example.com:8443'], username: undefined })
    expect(inputs.warnings).toEqual([])
    expect(redact(`the ${SECRET}-harbor`)).toBe('the ***')
  })

  it.each([
    ['team', ['team']],
    ['team, a.b-c_d\nteam', ['team', 'a.b-c_d']],
    ['*', ['*']],
    ['7', ['7']],
  ])('accepts the projects %j', async (projects, names) => {
    const { credential } = await read({ ...harbor, projects, 'expires-in': '90d' })
    expect(credential).toMatchObject({ projects: names, expiresInMs: 90 * 24 * 60 * 60_000 })
  })

  it.each([
    [{ 'verify-image': '' }, [expect.stringMatching(/^`verify-image` is not set\. .* not that it can pull\.$/)]],
    [{ 'verify-image': '', verify: 'false' }, []],
    [{ 'verify-image': 'library/app' }, ['`verify-image` is in the project "library", which is not in `projects`.']],
    [{ 'verify-image': 'library/app', projects: '*' }, []],
  ])('warns where permission to pull is not verified: %j', async (inputs, warnings) => {
    expect((await read({ ...harbor, ...inputs })).warnings).toEqual(warnings)
  })
})

describe('provider static', () => {
  it.each([`ghp_${'a'.repeat(36)}`, 'glpat-abcdefghijkl', 'dckr_pat_abcdefghijkl'])(
    'decodes a token that was stored as base64: %s',
    async (token) => {
      const { credential, warnings } = await read({ ...staticPassword, 'docker-password': btoa(`${token}\n`) })
      expect(credential).toEqual({ provider: 'static', password: token })
      expect(warnings).toEqual([])
      expect(redact(token)).toBe('***')
    },
  )

  it('warns of another line in base64, and uses it as it is', async () => {
    const password = btoa('correct horse\n')
    const { credential, warnings } = await read({ ...staticPassword, 'docker-password': password })
    expect(credential).toEqual({ provider: 'static', password })
    expect(warnings).toEqual([expect.stringContaining('is the base64 of a line of text')])
  })

  it.each([
    'correct-horse-battery',
    btoa('{"type":"service_account"}'),
    btoa('reftkn:01:1714000000:abc'),
    'abcdefghijklmnop',
  ])('uses a password that only looks like base64: %s', async (password) => {
    const { credential, warnings } = await read({ ...staticPassword, 'docker-password': password })
    expect(credential).toEqual({ provider: 'static', password })
    expect(warnings).toEqual([])
  })

  it('uses the password of the workflow', async () => {
    const inputs = await read(staticPassword)
    expect(inputs.credential).toEqual({ provider: 'static', password: `${SECRET}-password` })
    expect(inputs.registry).toMatchObject({ servers: ['ghcr.io'], username: 'jo' })
  })

  it.each(['', ',', '\n'])('requires a registry, and %j is none', async (servers) => {
    expect(await errorsOf({ ...staticPassword, 'docker-server': servers })).toEqual([
      expect.stringContaining('`docker-server` is required when `provider` is `static`'),
    ])
  })
})

describe('a provider', () => {
  it('is that of the other inputs where it is not set', async () => {
    for (const inputs of [required, ibmcloud, harbor, staticPassword]) {
      const { provider: _, ...others } = { provider: 'dedicated', ...inputs }
      expect(await read(others)).toEqual(await read(inputs))
      expect(await read({ ...others, provider: '' })).toEqual(await read(inputs))
    }
    const login = { 'api-key': SECRET, 'registry-endpoint': 'https://registry.example.com' }
    expect((await read({ ...required, ...login })).credential.provider).toBe('dedicated')
  })

  it('accepts the defaults of action.yml for inputs of other providers', async () => {
    const defaults = { permanent: 'true', write: 'false', 'iam-endpoint': 'https://iam.cloud.ibm.com' }
    for (const inputs of [required, ibmcloud, harbor, staticPassword]) {
      expect(await read({ ...inputs, ...defaults })).toEqual(await read(inputs))
    }
  })

  it('reports an input of another provider, and not that it conflicts with others', async () => {
    expect(await errorsOf({ ...ibmcloud, 'oauth-token': SECRET, passcode: SECRET, organization: 'acme' })).toEqual(
      ['oauth-token', 'passcode', 'organization'].map((name) =>
        expect.stringMatching(`^Input \`${name}\` needs \`provider: dedicated\`, but \`provider\` is \`ibmcloud\``),
      ),
    )
  })
})
