import { defineInputs } from './row.ts'

export const ROTATION_INPUTS = defineInputs({
  'max-age': {
    type: 'duration',
    default: '30d',
    description: 'Reuse a stored token that is younger than this and that the registry accepts. `0`: always mint.',
  },
  revoke: {
    type: 'choice',
    choices: ['superseded', 'never'],
    default: 'superseded',
    description:
      '`superseded`: revoke the tokens that this run replaced in every target. `never`: do not revoke replaced tokens.',
  },
  'verify-image': {
    type: 'text',
    allowed: 'namespace/image with :tag or @digest, also with a host of `docker-server` in front',
    description:
      'Verify the permission to pull this image: `namespace/image[:tag|@digest]`, at each host of `docker-server`. With one of these hosts in front, only there. Nodes must use the credential for it: an entry with a path is for images that start with that path.',
  },
  verify: {
    type: 'flag',
    default: 'true',
    conflictsWith: ['verify-image'],
    description:
      '`false`: do not ask the registry, for one that this runner cannot reach. A stored token is reused by its age alone, a new one is written unverified, and replaced tokens are not revoked by this run.',
  },
  'dry-run': {
    type: 'flag',
    default: 'false',
    description: 'Read, decide and validate on the API server, but mint, write and revoke nothing.',
  },
  timeout: {
    type: 'duration',
    default: '15m',
    positive: true,
    description: 'Time limit of the whole run.',
  },
  concurrency: {
    type: 'count',
    default: '16',
    max: 256,
    description: 'Kubernetes requests in flight, per cluster.',
  },
  'ca-certificates': {
    type: 'pem',
    description: "CA certificates to trust for the IBM and registry endpoints in addition to the system's, PEM.",
  },
})
