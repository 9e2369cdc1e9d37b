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

const memory = (value: string) => ({ name: 'c', resources: { limits: { memory: value } } })
const object = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: { containers: [memory('1Gi'), memory('128MB')], volumes: [{ emptyDir: { sizeLimit: '1 Gi' } }] },
}
const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'web' },
  data: { good: 'aGVsbG8=\n', bad: 'not base64' },
}

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
      `${SCHEMA}: errors:\n  .data.port: expected string, got &value.valueUnstructured{Value:8080}\n  .spec.items: duplicate entries for key [name="a"]\n  .data.on: expected string, got &{true}`,
      '.data.port must be of the type string; .spec.items has more than one entry with name="a"; .data.on must be of the type string',
      'Put the value in quotes. Remove all but one.',
    ],
    [
      `${SCHEMA}: errors:\n  .a: field not declared in schema\n  .b: field not declared in schema\n  .c: field not declared in schema\n  .d: field not declared in schema`,
      'its kind has no field .a; its kind has no field .b; its kind has no field .c; and 1 more',
      'Correct the name',
    ],
    [
      'failed to convert new object (n/web; v1, Kind=Pod) to proper version (v1): unable to convert unstructured object to v1, Kind=Pod: quantities must match',
      '.spec.containers[1].resources.limits.memory is not a quantity: "128MB"; .spec.volumes[0].emptyDir.sizeLimit is not a quantity: "1 Gi"',
      '128Mi',
    ],
    [
      'failed to convert new object to proper version: unable to convert unstructured object to v1, Kind=Pod: json: cannot unmarshal',
      'unable to convert unstructured object to v1, Kind=Pod: json: cannot unmarshal',
      'Correct the value',
    ],
  ])('is explained: %s', (message, problem, hint) => {
    const error = errorOf(message)
    expect(isManifestMistake(error)).toBe(true)
    expect(manifestMistake(error, 'apply Deployment n/web', object)).toMatchObject({
      code: 'manifest-invalid',
      message: `Could not apply Deployment n/web: ${problem}`,
      hint: expect.stringContaining(hint),
      details: { namespace: 'n', resource: 'deployments/web' },
    })
  })

  it('names the field of a Secret that is not base64, and not its value', () => {
    const message =
      'failed to convert new object to proper version: unable to convert unstructured object to /v1, Kind=Secret: error decoding from json: illegal base64 data at input byte 0'
    expect(manifestMistake(errorOf(message), 'apply Secret n/web', secret)).toMatchObject({
      message: 'Could not apply Secret n/web: .data.bad is not base64',
      hint: expect.stringContaining('`stringData`'),
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
