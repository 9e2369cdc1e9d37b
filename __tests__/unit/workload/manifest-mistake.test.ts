// Objects that do not match the schema of their kind. The messages are those of kube-apiserver 1.20, and of later ones, which name the object.
import { describe, expect, it } from 'vitest'
import { HttpError } from '../../../src/http/errors.ts'
import { isManifestMistake, manifestMistake } from '../../../src/workload/manifest-mistake.ts'

const errorOf = (message: string, status = 500) =>
  new HttpError(
    {
      service: 'cluster',
      operation: 'apply',
      from: 'PATCH https://k',
      host: 'k',
      namespace: 'n',
      resource: 'deployments/web',
    },
    { status, body: JSON.stringify({ message }) },
  )

const SCHEMA = 'failed to create typed patch object'

describe('an object that does not match the schema', () => {
  it.each([
    [
      `${SCHEMA}: .spec.template.spec.containers[name="c"].imagePullPolcy: field not declared in schema`,
      'its kind has no field .spec.template.spec.containers[name="c"].imagePullPolcy',
      'kubectl explain',
    ],
    [
      `${SCHEMA} (n/web; apps/v1, Kind=Deployment): .spce: field not declared in schema`,
      'its kind has no field .spce',
      'Correct the name',
    ],
    [
      `${SCHEMA} (n/web; apps/v1, Kind=Deployment): .spec.containers[name="c"].ports: duplicate entries for key [containerPort=80,protocol="TCP"]`,
      '.spec.containers[name="c"].ports has more than one entry with containerPort=80,protocol="TCP"',
      'of environment variables, the last one takes effect',
    ],
    [
      `${SCHEMA}: .spec.tty: expected boolean, got &{yes}`,
      '.spec.tty must be of the type boolean',
      'in quotes is a string',
    ],
    [
      `${SCHEMA}: .spec.replicas: expected numeric (int or float), got *value.valueUnstructured`,
      '.spec.replicas must be of the type numeric (int or float)',
      'in quotes is a string',
    ],
    [
      `${SCHEMA}: .stringData.a: expected string, got &value.valueUnstructured{Value:12345678}`,
      '.stringData.a must be of the type string',
      'Put the value in quotes',
    ],
    [
      `${SCHEMA}: .spec.ports: element 0: associative list with keys has an element that omits key field "protocol" (and doesn't have default value)`,
      'entry 0 of .spec.ports has no protocol',
      'Add the field protocol',
    ],
    [
      'failed to convert new object to proper version: unable to convert unstructured object to /v1, Kind=Secret: error decoding from json: illegal base64 data at input byte 0',
      'unable to convert unstructured object to /v1, Kind=Secret: error decoding from json: illegal base64 data at input byte 0',
      'Correct the value',
    ],
    [
      'failed to convert new object (n/web; apps/v1, Kind=Deployment) to proper version (apps/v1): unable to convert unstructured object to apps/v1, Kind=Deployment: quantities must match',
      'unable to convert unstructured object to apps/v1, Kind=Deployment: quantities must match',
      'Correct the value',
    ],
  ])('is explained: %s', (message, problem, hint) => {
    const error = errorOf(message)
    expect(isManifestMistake(error)).toBe(true)
    expect(manifestMistake(error, 'apply Deployment n/web')).toMatchObject({
      code: 'manifest-invalid',
      message: `Could not apply Deployment n/web: ${problem}`,
      hint: expect.stringContaining(hint),
      details: { namespace: 'n', resource: 'deployments/web' },
    })
  })

  it.each([
    ['another error of the server', 'etcdserver: request timed out', 500],
    [
      'a conversion webhook',
      'failed to convert new object (n/a; example.com/v1, Kind=A) to proper version (example.com/v2): conversion webhook for example.com/v1, Kind=A failed: Post "https://x": EOF',
      500,
    ],
    ['another status', `${SCHEMA}: .spce: field not declared in schema`, 503],
  ])('is not %s', (_, message, status) => {
    expect(isManifestMistake(errorOf(message, status))).toBe(false)
  })
})
