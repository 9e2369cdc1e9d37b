import { SUBDOMAIN } from '../../kubernetes/names.ts'
import { LABEL_VALUE, NAMESPACE_PATTERN, REGISTRY, SERVICE_ACCOUNT } from '../grammar.ts'
import { CHECK_SOURCE, defineInputs } from './row.ts'

export const SECRET_INPUTS = defineInputs({
  'secret-name': {
    type: 'text',
    pattern: SUBDOMAIN,
    allowed: 'lower-case letters, digits, hyphens and dots, for example my-registry',
    required: { with: 'service-accounts' },
    description:
      'Name of the imagePullSecret to write. When it is not set, the action writes no secret: it mints and verifies the token and sets the outputs.',
  },
  'docker-server': {
    type: 'list',
    pattern: REGISTRY,
    allowed: 'hosts in lower case, with a port if needed, for example registry.example.com:5000',
    required: { for: ['ibmcloud', 'static'], hint: 'Set the registry hosts, for example us.icr.io or ghcr.io.' },
    derivedDefault: 'the host of `registry-endpoint`; with `docker-config` all hosts that have a credential',
    description:
      'Registry hosts, newline- or comma-separated. All of them use the same credential; with `docker-config` each has its own.',
  },
  'docker-username': {
    type: 'text',
    providers: ['dedicated', 'ibmcloud', 'static'],
    pattern: /^[^:\s]+$/,
    allowed: 'a name without colons and spaces',
    providerDefaults: { dedicated: 'token', ibmcloud: 'iamapikey' },
    required: { for: ['static'], hint: 'Set the user name that belongs to `docker-password`.' },
    description:
      'User name for the registry. With `harbor` it is that of the robot account. Masked when it is the secret: a JWT, or with the password `none`.',
  },
  'docker-password': {
    type: 'secret',
    providers: ['static'],
    required: { for: ['static'], hint: CHECK_SOURCE },
    description: 'Password or token for the registry, for example from an earlier step.',
  },
  'docker-email': {
    type: 'text',
    pattern: /^\S+$/,
    allowed: 'an address without spaces',
    description: 'Email address for the docker config. Without it the config has none, as with kubectl.',
  },
  namespaces: {
    type: 'list',
    pattern: NAMESPACE_PATTERN,
    allowed: 'names such as team-a, globs such as team-*, exclusions such as !team-x',
    derivedDefault: 'the namespace of the context, or `default`',
    description:
      'Namespaces to write to, newline- or comma-separated: names, globs (`team-*`, `*`), exclusions (`!team-x`).',
  },
  'namespace-selector': {
    type: 'text',
    allowed: 'a label selector in the syntax of kubectl, for example team=a,tier!=test',
    description:
      'Label selector that the namespaces must also match. A Namespace in the manifests is matched by its labels there.',
  },
  'create-namespaces': {
    type: 'flag',
    default: 'false',
    description:
      'Create the namespaces that `namespaces` names and that do not exist. Globs create nothing. A Namespace in the manifests is created without this input.',
  },
  'service-accounts': {
    type: 'list',
    pattern: SERVICE_ACCOUNT,
    allowed: 'names of service accounts, or * for all',
    description:
      'Service accounts whose `imagePullSecrets` get the secret, newline- or comma-separated names, or `*` for all.',
  },
  labels: {
    type: 'pairs',
    pattern: LABEL_VALUE,
    allowed: 'up to 63 letters, digits, hyphens, underscores and dots',
    description: 'Labels of the secret, one `key=value` per line.',
  },
  annotations: {
    type: 'pairs',
    description: 'Annotations of the secret, one `key=value` per line.',
  },
  adopt: {
    type: 'flag',
    default: 'false',
    description:
      'Take over an existing secret of that name that was not created by this action. Its other registry hosts stay; the credential that is replaced is not revoked.',
  },
})
