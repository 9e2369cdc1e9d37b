import { ibmcloud, required, SECRET, staticPassword } from '../fixture.ts'
import type { RejectedCase } from './case.ts'

export const PROVIDER_CASES: readonly RejectedCase[] = [
  ...Object.entries({
    'dedicated-domain': 'd1.example.net',
    'api-endpoint': 'https://api.example.com',
    'registry-endpoint': 'https://registry.example.com',
    'oauth-token': SECRET,
    username: 'jo',
    password: SECRET,
    passcode: SECRET,
    organization: 'acme',
    'organization-guid': 'g-1',
    permanent: 'false',
    write: 'true',
  }).map(
    ([name, value]): RejectedCase => [
      `${name} of the provider dedicated with ibmcloud`,
      { ...ibmcloud, [name]: value },
      name,
      /needs `provider: dedicated`, but `provider` is `ibmcloud`\.$/,
    ],
  ),
  ...['api-key', 'account', 'token-description'].map(
    (name): RejectedCase => [
      `${name} with the provider static`,
      { ...staticPassword, [name]: SECRET },
      name,
      /needs `provider: dedicated` or `provider: ibmcloud`, but `provider` is `static`\.$/,
    ],
  ),
  ...['service-id', 'iam-endpoint', 'expires-in'].map(
    (name): RejectedCase => [
      `${name} with the provider dedicated`,
      { ...required, provider: 'dedicated', [name]: SECRET },
      name,
      /needs `provider: ibmcloud`, but `provider` is `dedicated`\.$/,
    ],
  ),
  [
    'a registry password with a provider that mints',
    { ...required, provider: 'dedicated', 'docker-password': SECRET },
    'docker-password',
    /needs `provider: static`, but `provider` is `dedicated`\.$/,
  ],
  ...Object.entries({ 'docker-password': 'static', 'service-id': 'ibmcloud' }).map(
    ([name, provider]): RejectedCase => [
      `${name} with inputs of the provider dedicated, without \`provider\``,
      { ...required, [name]: SECRET },
      'provider',
      new RegExp(
        `is not set, and the other inputs belong to different providers: \`dedicated-domain\` \\(dedicated\\), .*\`${name}\` \\(${provider}\\)\\. Set`,
      ),
    ],
  ),
  ...(['api-key', 'account', 'service-id', 'docker-server'] as const).map(
    (name): RejectedCase => [
      `no ${name} with ibmcloud`,
      { ...ibmcloud, [name]: '' },
      name,
      /is required when `provider` is `ibmcloud`\. \w/,
    ],
  ),
  ...(['docker-server', 'docker-username', 'docker-password'] as const).map(
    (name): RejectedCase => [
      `no ${name} with static`,
      { ...staticPassword, [name]: '' },
      name,
      /is required when `provider` is `static`\. \w/,
    ],
  ),
  [
    'a service ID that would change the path of a URL',
    { ...ibmcloud, 'service-id': 'ServiceId-1/../2' },
    'service-id',
    /is "ServiceId-1\/\.\.\/2"\. Allowed: a service ID such as ServiceId-1234 or iam-ServiceId-1234, or its name/,
  ],
  [
    'a name of a service ID on two lines',
    { ...ibmcloud, 'service-id': 'ci\npull' },
    'service-id',
    /Allowed: a service ID such as ServiceId-1234/,
  ],
  [
    'an expiry before the second rotation',
    { ...ibmcloud, 'expires-in': '59d' },
    'expires-in',
    /is less than twice `max-age`, which is 30 days\. Set a longer time/,
  ],
  [
    'no expiry as a time',
    { ...ibmcloud, 'expires-in': '0', 'max-age': '0' },
    'expires-in',
    /is "0"\. Allowed: a number with/,
  ],
  [
    'an http URL as IAM endpoint',
    { ...ibmcloud, 'iam-endpoint': 'http://iam.example.com' },
    'iam-endpoint',
    /Allowed: an https URL/,
  ],
]
