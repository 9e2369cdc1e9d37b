import { dockerConfig, harbor, ibmcloud, required, SECRET, staticPassword } from '../fixture.ts'
import type { RejectedCase } from './case.ts'

export const PROVIDER_CASES: readonly RejectedCase[] = [
  ...Object.entries({
    'dedicated-domain': 'd1.example.net',
    'api-endpoint': 'https://api.example.com',
    'oauth-token': SECRET,
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
  ...Object.entries({
    'registry-endpoint': 'https://registry.example.com',
    username: 'jo',
    password: SECRET,
  }).map(
    ([name, value]): RejectedCase => [
      `${name} with ibmcloud`,
      { ...ibmcloud, [name]: value },
      name,
      /needs `provider: dedicated` or `provider: harbor`, but `provider` is `ibmcloud`\.$/,
    ],
  ),
  ...['api-key', 'account'].map(
    (name): RejectedCase => [
      `${name} with the provider static`,
      { ...staticPassword, [name]: SECRET },
      name,
      /needs `provider: dedicated` or `provider: ibmcloud`, but `provider` is `static`\.$/,
    ],
  ),
  [
    'token-description with the provider static',
    { ...staticPassword, 'token-description': SECRET },
    'token-description',
    /needs `provider: dedicated` or `provider: ibmcloud` or `provider: harbor`, but `provider` is `static`\.$/,
  ],
  ...['service-id', 'iam-endpoint'].map(
    (name): RejectedCase => [
      `${name} with the provider dedicated`,
      { ...required, provider: 'dedicated', [name]: SECRET },
      name,
      /needs `provider: ibmcloud`, but `provider` is `dedicated`\.$/,
    ],
  ),
  [
    'expires-in with the provider dedicated',
    { ...required, provider: 'dedicated', 'expires-in': '90d' },
    'expires-in',
    /needs `provider: ibmcloud` or `provider: harbor`, but `provider` is `dedicated`\.$/,
  ],
  [
    'projects with the provider dedicated',
    { ...required, provider: 'dedicated', projects: 'team' },
    'projects',
    /needs `provider: harbor`, but `provider` is `dedicated`\.$/,
  ],
  [
    'docker-username with harbor',
    { ...harbor, 'docker-username': 'jo' },
    'docker-username',
    /needs `provider: dedicated` or `provider: ibmcloud` or `provider: static`, but `provider` is `harbor`\.$/,
  ],
  ...(['registry-endpoint', 'username', 'password', 'projects'] as const).map(
    (name): RejectedCase => [
      `no ${name} with harbor`,
      { ...harbor, [name]: '' },
      name,
      /is required when `provider` is `harbor`(?:\. \w|\.$)/,
    ],
  ),
  ...['Team', 'team/app', 'team--a', '-team', 'team*', 't'.repeat(256)].map(
    (projects): RejectedCase => [
      `the project ${projects.slice(0, 10)}`,
      { ...harbor, projects },
      'projects',
      /^Input `projects` contains .*\. Allowed: names of projects in lower case, for example team or team-a, or only \*\.$/,
    ],
  ),
  [
    'all projects and one by name',
    { ...harbor, projects: '*,team' },
    'projects',
    /contains `\*` and names\. Set `\*` for all projects, or the names\.$/,
  ],
  [
    'a user name of Harbor with a colon',
    { ...harbor, username: 'jo:hn' },
    'username',
    /contains a colon, which no user name of Harbor has\.$/,
  ],
  [
    'a robot account that expires before the second rotation',
    { ...harbor, 'expires-in': '59d' },
    'expires-in',
    /is less than twice `max-age`, which is 30 days\. Set a longer time/,
  ],
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
  [
    'an empty password without a provider',
    { 'docker-server': 'ghcr.io', 'docker-username': 'jo', 'docker-password': '' },
    'provider',
    /is not set, and no other input shows it\. Set `provider`\. .*`docker-password` \(static\).* available to this workflow\./,
  ],
  [
    'a provider in upper case',
    { ...staticPassword, provider: 'Static' },
    'provider',
    /is "Static"\. Allowed: dedicated, ibmcloud, harbor, docker-config, static\./,
  ],
  [
    'a provider that is none, with the inputs of one',
    { ...dockerConfig, provider: 'docker' },
    'provider',
    /is "docker"\. Allowed: /,
  ],
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
