/** Every output of the action and its description. `npm run docs` writes `action.yml` and the README's table from it. */
export const OUTPUTS = {
  token:
    'The registry token, API key, secret of the robot account or `docker-password`, masked. Empty when each registry has its own.',
  'token-id': 'ID of the token.',
  'token-expires-at':
    'When the token expires, RFC 3339; for a provided credential of which only the longest life is known, at the latest; with several logins the earliest. Empty when it does not expire, or when its expiry is unknown.',
  'next-rotation':
    'The time after which a run rotates, RFC 3339: when the token reaches `max-age`, or when a fifth of its life is left. With `max-age: 0` when it was minted, in a dry run that would mint now. With `static` and `docker-config` the expiry of the provided credential; empty when that is unknown.',
  minted:
    '`true` when this run minted the token, `false` when it reused a stored one or used a provided credential, and in a dry run.',
  'docker-server': 'The registry hosts, comma-separated.',
  'docker-username':
    'The user name for the registry hosts; empty when each has its own. Masked when it is the secret: a JWT, or with the password `none`.',
  'docker-config-json': 'The docker config with this credential, masked. Empty when it differs between clusters.',
  'organization-guid': 'GUID of the organization, when the run logged in.',
  'secret-name': 'Name of the imagePullSecret.',
  changed: '`true` when the run changed any target.',
  targets: 'JSON: the result for each target.',
  workloads: 'JSON: the result for each workload.',
  revoked: 'JSON: IDs of the tokens that were revoked: replaced by this run, or left by earlier ones.',
  unrevoked:
    'JSON: IDs of the tokens of this action for this secret that are known to be alive besides the one in use.',
} as const

export type OutputName = keyof typeof OUTPUTS
