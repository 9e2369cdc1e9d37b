import { signHs256 } from '../../../support/ibm/jwt.ts'
import { required, SECRET, staticPassword } from '../fixture.ts'
import type { RejectedCase } from './case.ts'

export const CREDENTIAL_CASES: readonly RejectedCase[] = [
  [
    'allow-short-lived that is not a flag',
    { ...staticPassword, 'allow-short-lived': 'yes' },
    'allow-short-lived',
    /is "yes"\. Allowed: true, false\./,
  ],
  [
    'a token that ends with the job',
    { ...staticPassword, 'docker-password': `ghs_${SECRET}` },
    'docker-password',
    /is the `GITHUB_TOKEN` of this job or the token of a GitHub App, which ends with this job or within an hour\. .*`read:packages`/,
  ],
  [
    'an access token of Google Cloud',
    { ...staticPassword, 'docker-password': `ya29.${SECRET}` },
    'docker-password',
    /is an access token of Google Cloud, which expires in less than two hours, at 20.*`_json_key`/,
  ],
  [
    'a token that ends with the job, in base64',
    { ...staticPassword, 'docker-password': btoa(`ghs_${SECRET}\n`) },
    'docker-password',
    /is the `GITHUB_TOKEN` of this job/,
  ],
  [
    'a JWT as user name that expires soon',
    {
      ...staticPassword,
      'docker-username': signHs256({ exp: Math.floor(Date.now() / 1000) + 600 }, SECRET),
      'docker-password': 'none',
    },
    'docker-username',
    /is a JWT, which expires in less than two hours/,
  ],
  ...[
    ['a docker config', JSON.stringify({ auths: { 'ghcr.io': { auth: btoa(`jo:${SECRET}`) } } })],
    ['a docker config', btoa(JSON.stringify({ auths: { 'ghcr.io': { auth: btoa(`jo:${SECRET}`) } } }))],
    ['the base64 of user name and password', btoa(`jo:${SECRET}-password`)],
  ].map(
    ([what, password = '']): RejectedCase => [
      `${what} as password`,
      { ...staticPassword, 'docker-password': password },
      'docker-password',
      new RegExp(`is ${what}\\. Set `),
    ],
  ),
  [
    'a password with the word Basic',
    { ...staticPassword, 'docker-password': `Basic ${btoa(`jo:${SECRET}`)}` },
    'docker-password',
    /starts with the word Bearer or Basic\. Set the password alone/,
  ],
  [
    'an unknown provider',
    { ...required, provider: 'docker' },
    'provider',
    /is "docker"\. Allowed: dedicated, ibmcloud, harbor, docker-config, static\./,
  ],
  [
    'a domain with a scheme',
    { ...required, 'dedicated-domain': 'https://d1.example.net' },
    'dedicated-domain',
    /is "https:\/\/d1.*Allowed: a domain without a scheme or path, for example /,
  ],
  [
    'a domain without a dot',
    { ...required, 'dedicated-domain': 'bluemix' },
    'dedicated-domain',
    /is "bluemix"\. Allowed: a domain without a scheme/,
  ],
  [
    'no API endpoint',
    { organization: 'acme', 'registry-endpoint': 'https://registry.example.com' },
    'api-endpoint',
    /is required when `provider` is `dedicated` and `dedicated-domain` is not set\.$/,
  ],
  [
    'no registry endpoint',
    { organization: 'acme', 'api-endpoint': 'https://api.example.com' },
    'registry-endpoint',
    /is required when `provider` is `dedicated` and `dedicated-domain` is not set\.$/,
  ],
  [
    'an http URL as API endpoint',
    { ...required, 'api-endpoint': 'http://api.example.com' },
    'api-endpoint',
    /is "http:\/\/api\.example\.com"\. Allowed: an https URL.*, or an http URL of a loopback address\./,
  ],
  [
    'an http URL as registry endpoint',
    { ...required, 'registry-endpoint': 'http://10.0.0.1:5000' },
    'registry-endpoint',
    /Allowed: an https URL/,
  ],
  [
    'an endpoint without a scheme',
    { ...required, 'api-endpoint': 'api.example.com' },
    'api-endpoint',
    /is "api\.example\.com"\. Allowed: an https URL/,
  ],
  [
    'an endpoint of another scheme',
    { ...required, 'registry-endpoint': 'ftp://registry.example.com' },
    'registry-endpoint',
    /Allowed: an https URL/,
  ],
  [
    'an endpoint with a user name and password',
    { ...required, 'api-endpoint': `https://user:${SECRET}@api.example.com` },
    'api-endpoint',
    /contains a user name or password\. Allowed: an https URL/,
  ],
  [
    'an http endpoint with a user name and password',
    { ...required, 'api-endpoint': `http://user:${SECRET}@api.example.com` },
    'api-endpoint',
    /is "http:\/\/\*\*\*@api\.example\.com"\. Allowed: an https URL/,
  ],
  [
    'an endpoint with a user name and password, without a scheme',
    { ...required, 'registry-endpoint': `user:${SECRET}@registry.example.com` },
    'registry-endpoint',
    /is "\*\*\*@registry\.example\.com"\. Allowed: an https URL/,
  ],
  [
    'an endpoint with a query',
    { ...required, 'registry-endpoint': 'https://registry.example.com/?a=b' },
    'registry-endpoint',
    /which has a query or fragment\. Allowed/,
  ],
  [
    'an OAuth token with a space',
    { ...required, 'oauth-token': `Bearer ${SECRET} ${SECRET}` },
    'oauth-token',
    /is not in the expected format\. Allowed: a token without spaces, with or without the word Bearer/,
  ],
  [
    'a user name without a password',
    { ...required, username: 'jo' },
    'password',
    /is required when `username` is set\. .*secret/,
  ],
  [
    'a password without a user name',
    { ...required, password: SECRET },
    'username',
    /is required when `password` is set\. .*secret/,
  ],
  [
    'an API key and an OAuth token',
    { ...required, 'oauth-token': SECRET, 'api-key': `${SECRET}-key` },
    'api-key',
    /cannot be combined with `oauth-token`\. Set only one of them\./,
  ],
  [
    'a passcode and a user name',
    { ...required, username: 'jo', password: SECRET, passcode: `${SECRET}-code` },
    'passcode',
    /cannot be combined with `username`\. Set only one of them\./,
  ],
  [
    'no organization',
    { 'dedicated-domain': 'd1.example.net' },
    'organization',
    /is required when `provider` is `dedicated` and `organization-guid` is not set\. Set the name .*`organization-guid`/,
  ],
  [
    'two organizations',
    { ...required, 'organization-guid': 'abc-1' },
    'organization-guid',
    /cannot be combined with `organization`\. Set only one of them\./,
  ],
  [
    'a GUID that would change the path of a URL',
    { 'dedicated-domain': 'd1.example.net', 'organization-guid': '../x' },
    'organization-guid',
    /is "\.\.\/x"\. Allowed: a GUID of letters, digits and hyphens\./,
  ],
  ['an account with a space', { ...required, account: 'a b' }, 'account', /is "a b"\. Allowed: an account ID/],
  ['yes for a flag', { ...required, permanent: 'yes' }, 'permanent', /is "yes"\. Allowed: true, false\./],
  ['1 for a flag', { ...required, write: '1' }, 'write', /is "1"\. Allowed: true, false\./],
  [
    'a token description with a newline',
    { ...required, 'token-description': 'two\nlines' },
    'token-description',
    /Allowed: up to 200 printable ASCII characters\./,
  ],
  [
    'a token description that is too long',
    { ...required, 'token-description': 'x'.repeat(201) },
    'token-description',
    /is a text of 201 characters\. Allowed: up to 200/,
  ],
]
