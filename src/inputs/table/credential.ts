import { CHECK_SOURCE, defineInputs } from './row.ts'

export const CREDENTIAL_INPUTS = defineInputs({
  provider: {
    type: 'choice',
    choices: ['dedicated', 'ibmcloud', 'static'],
    derivedDefault: 'the provider of the other inputs, else `dedicated`',
    description:
      '`dedicated`: mint a registry token in a Bluemix Dedicated environment. `ibmcloud`: mint an API key of an IBM Cloud service ID. `static`: use `docker-password`.',
  },
  'dedicated-domain': {
    type: 'text',
    providers: ['dedicated'],
    pattern: /^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+$/i,
    allowed: 'a domain without a scheme or path, for example cfsdedicated1.us-south.bluemix.net',
    description:
      'Domain of the Dedicated environment, for example `cfsdedicated1.us-south.bluemix.net`. It sets the defaults of the two endpoints below.',
  },
  'api-endpoint': {
    type: 'endpoint',
    providers: ['dedicated'],
    template: 'https://api.<dedicated-domain>',
    description: 'URL of the Cloud Foundry API, which serves login and organizations.',
  },
  'registry-endpoint': {
    type: 'endpoint',
    providers: ['dedicated'],
    template: 'https://registry.<dedicated-domain>',
    required: { for: ['dedicated'], unless: 'dedicated-domain' },
    description: 'URL of the registry and its token API.',
  },
  'oauth-token': {
    type: 'secret',
    providers: ['dedicated'],
    prefix: /^bearer\s+/i,
    pattern: /^\S+$/,
    allowed: 'a token without spaces, with or without the word Bearer in front of it',
    description: 'Login method 1: a UAA token, with or without the word `Bearer`.',
  },
  username: {
    type: 'text',
    providers: ['dedicated'],
    required: { with: 'password', hint: CHECK_SOURCE },
    conflictsWith: ['oauth-token'],
    description: 'Login method 2: user name for UAA.',
  },
  password: {
    type: 'secret',
    providers: ['dedicated'],
    required: { with: 'username', hint: CHECK_SOURCE },
    description: 'Login method 2: password for UAA.',
  },
  'api-key': {
    type: 'secret',
    providers: ['dedicated', 'ibmcloud'],
    required: { for: ['ibmcloud'], hint: CHECK_SOURCE },
    conflictsWith: ['oauth-token', 'username'],
    description:
      'Login method 3 of `dedicated`: an IBM Cloud API key of a user of the environment. With `ibmcloud`: the API key that manages the service ID.',
  },
  passcode: {
    type: 'secret',
    providers: ['dedicated'],
    conflictsWith: ['oauth-token', 'username', 'api-key'],
    description:
      'Login method 4: a UAA one-time code. When no login method is set, the action uses the session of an `ibmcloud` or `bx` CLI on the `PATH` (method 5).',
  },
  organization: {
    type: 'text',
    providers: ['dedicated'],
    required: {
      for: ['dedicated'],
      unless: 'organization-guid',
      hint: 'Set the name of the Cloud Foundry organization, or its GUID in `organization-guid`.',
    },
    description: 'Name of the Cloud Foundry organization.',
  },
  'organization-guid': {
    type: 'text',
    providers: ['dedicated'],
    pattern: /^[\w-]+$/,
    allowed: 'a GUID of letters, digits and hyphens',
    conflictsWith: ['organization'],
    description: 'GUID of the Cloud Foundry organization, instead of its name.',
  },
  account: {
    type: 'text',
    providers: ['dedicated', 'ibmcloud'],
    pattern: /^[\w.-]+$/,
    allowed: 'an account ID of letters, digits and hyphens',
    required: { for: ['ibmcloud'], hint: CHECK_SOURCE },
    description: 'Account ID, sent as the header `Account`.',
  },
  permanent: {
    type: 'flag',
    providers: ['dedicated'],
    default: 'true',
    description: 'Request a token that does not expire.',
  },
  write: {
    type: 'flag',
    providers: ['dedicated'],
    default: 'false',
    description: 'Request a token that can push.',
  },
  'token-description': {
    type: 'text',
    providers: ['dedicated', 'ibmcloud'],
    pattern: /^[\x20-\x7e]{1,200}$/,
    allowed: 'up to 200 printable ASCII characters',
    derivedDefault: '`registry-pull-secret <owner>/<repo> <secret-name>`',
    description:
      'Beginning of the description of a minted token or API key. The action appends the scope and a unique suffix.',
  },
  'service-id': {
    type: 'text',
    providers: ['ibmcloud'],
    pattern: /^(?:(?:iam-)?ServiceId-[\w-]+|(?!(?:iam-)?ServiceId-)\P{Cc}{1,256})$/u,
    allowed: 'a service ID such as ServiceId-1234 or iam-ServiceId-1234, or its name, up to 256 characters on one line',
    required: { for: ['ibmcloud'], hint: CHECK_SOURCE },
    description:
      'Service ID to mint an API key for: `ServiceId-…`, `iam-ServiceId-…`, or its exact name, which the action looks up in `account`.',
  },
  'expires-in': {
    type: 'duration',
    providers: ['ibmcloud'],
    positive: true,
    description:
      'A minted API key expires by itself after this time, for example `90d`, at least twice `max-age`. Not set: it does not expire, unless the account enforces it.',
  },
  'iam-endpoint': {
    type: 'endpoint',
    providers: ['ibmcloud'],
    default: 'https://iam.cloud.ibm.com',
    description: 'URL of IBM Cloud IAM.',
  },
  'allow-short-lived': {
    type: 'flag',
    providers: ['static'],
    default: 'false',
    description:
      'Accept a `docker-password` that expires within two hours or with this job, such as `GITHUB_TOKEN`: for test clusters, and for schedules of an hour. It is refused otherwise.',
  },
})
