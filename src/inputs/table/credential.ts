import { HARBOR_PROJECT, SECRET_REFERENCE } from '../grammar.ts'
import { CHECK_SOURCE, defineInputs } from './row.ts'

export const CREDENTIAL_INPUTS = defineInputs({
  provider: {
    type: 'choice',
    choices: ['dedicated', 'ibmcloud', 'harbor', 'docker-config', 'static'],
    derivedDefault: 'the provider of the other inputs, else `dedicated`',
    description:
      '`dedicated`: mint a registry token in a Bluemix Dedicated environment. `ibmcloud`: mint an API key of an IBM Cloud service ID. `harbor`: mint a robot account of a Harbor server. `docker-config`: use the credentials of earlier `docker login` steps. `static`: use `docker-password`.',
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
    providers: ['dedicated', 'harbor'],
    template: 'https://registry.<dedicated-domain>',
    required: { for: ['dedicated', 'harbor'], unless: 'dedicated-domain' },
    description: 'URL of the registry and its token API. With `harbor`: URL of the Harbor server.',
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
    providers: ['dedicated', 'harbor'],
    required: { for: ['harbor'], with: 'password', hint: CHECK_SOURCE },
    conflictsWith: ['oauth-token'],
    description:
      'Login method 2 of `dedicated`: user name for UAA. With `harbor`: a user or robot account that may create robot accounts.',
  },
  password: {
    type: 'secret',
    providers: ['dedicated', 'harbor'],
    required: { for: ['harbor'], with: 'username', hint: CHECK_SOURCE },
    description:
      'Login method 2 of `dedicated`: password for UAA. With `harbor`: password, CLI secret or secret of the robot account.',
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
    providers: ['dedicated', 'ibmcloud', 'harbor'],
    pattern: /^[\x20-\x7e]{1,200}$/,
    allowed: 'up to 200 printable ASCII characters',
    derivedDefault: '`registry-pull-secret <owner>/<repo> <secret-name>`',
    description:
      'Beginning of the description of a minted token, API key or robot account. The action appends the scope and a unique suffix.',
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
    providers: ['ibmcloud', 'harbor'],
    positive: true,
    description:
      'A minted API key or robot account expires by itself after this time, for example `90d`, at least twice `max-age`. Harbor rounds it up to days. Not set: it does not expire, unless the account enforces it.',
  },
  projects: {
    type: 'list',
    providers: ['harbor'],
    pattern: HARBOR_PROJECT,
    allowed: 'names of projects in lower case, for example team or team-a, or only *',
    required: { for: ['harbor'], hint: 'Set the projects that the robot account may pull from.' },
    description:
      'Harbor projects to pull from, newline- or comma-separated, or `*` for all. One project makes a project-level robot account. Several, or `*`, make a system-level one, which takes a system administrator.',
  },
  'iam-endpoint': {
    type: 'endpoint',
    providers: ['ibmcloud'],
    default: 'https://iam.cloud.ibm.com',
    description: 'URL of IBM Cloud IAM.',
  },
  'docker-config': {
    type: 'text',
    providers: ['docker-config'],
    derivedDefault: '`$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`',
    description:
      'Docker config to take the credentials from: a path, or the JSON text or its base64. The action asks the credential helpers that it names (`credHelpers`, `credsStore`).',
  },
  'docker-config-secret': {
    type: 'text',
    providers: ['docker-config'],
    pattern: SECRET_REFERENCE,
    allowed: 'namespace/name of a Secret, for example default/all-icr-io',
    conflictsWith: ['docker-config'],
    description:
      'Instead of `docker-config`: `namespace/name` of a pull secret to copy, for example `default/all-icr-io`. Each cluster gets the credentials of its own. Needs the permission to get that one Secret.',
  },
  'allow-short-lived': {
    type: 'flag',
    providers: ['docker-config', 'static'],
    default: 'false',
    description:
      'Accept a provided credential that expires within two hours or with this job, such as `GITHUB_TOKEN`: for test clusters, and for schedules of an hour. It is refused otherwise.',
  },
})
