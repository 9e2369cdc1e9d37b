// Refusals of admission plugins, with the messages of Kubernetes.
import { describe, expect, it } from 'vitest'
import { HttpError } from '../../../src/http/errors.ts'
import { admissionError } from '../../../src/kubernetes/admission.ts'

const errorOf = (message: string, status = 403) =>
  new HttpError(
    { service: 'cluster', operation: 'apply Pod n/web', from: 'PATCH https://k', host: 'k' },
    { status, body: JSON.stringify({ reason: 'Forbidden', message }) },
  )

describe('a refusal of admission', () => {
  it.each([
    [
      'pods "web" is forbidden: exceeded quota: q, requested: pods=1, used: pods=5, limited: pods=5',
      'used up its quota',
    ],
    ['pods "web" is forbidden: failed quota: q: must specify limits.cpu,limits.memory', 'set `resources`'],
    ['pods "web" is forbidden: status unknown for quota: q, resources: pods', 'run the job again'],
    [
      'pods "web" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "web" must set securityContext.allowPrivilegeEscalation=false)',
      'pod-security.kubernetes.io/enforce',
    ],
    ['pods "web" is forbidden: maximum cpu usage per Container is 1, but limit is 2', 'LimitRange'],
    ['pods "web" is forbidden: [minimum memory usage per Pod is 1Gi. No request is specified, x]', 'LimitRange'],
    [
      'pods "web" is forbidden: cpu max limit to request ratio per Container is 2, but provided ratio is 4.0',
      'LimitRange',
    ],
    ['admission webhook "policy.example.com" denied the request: no', 'owner of the webhook'],
    ['admission webhook "policy.example.com" denied the request without explanation', 'owner of the webhook'],
    ['admission webhook "policy.example.com" does not support dry run', 'Run without `dry-run`'],
    [
      `deployments.apps "web" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: failed expression: x`,
      'owner of the policy',
    ],
    [
      'pods "web" is forbidden: error looking up service account n/a: serviceaccount "a" not found',
      'serviceAccountName',
    ],
    [
      'pods "web" is forbidden: PodSecurityPolicy: unable to admit pod: [spec.containers[0].securityContext.privileged: Invalid value: true: Privileged containers are not allowed]',
      'No PodSecurityPolicy',
    ],
    [
      'pods "web" is forbidden: unable to validate against any security context constraint: [provider restricted: .spec.securityContext.fsGroup: Invalid value]',
      'security context constraint',
    ],
    ['pods "web" is forbidden: one or more images rejected by webhook backend', 'image policy'],
    [
      'pods "web" is forbidden: pod node label selector conflicts with its namespace node label selector',
      'nodeSelector',
    ],
    ['pods "web" is forbidden: insufficient quota to match these scopes: [{PriorityClass In [high]}]', 'quota'],
    ['pods "web" is forbidden: no PriorityClass with name x was found', 'priorityClassName'],
    [
      'roles.rbac.authorization.k8s.io "r" is forbidden: user "u" (groups=["g"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""]}',
      'escalate and bind',
    ],
  ])('has its own hint: %s', (message, hint) => {
    expect(admissionError(errorOf(message))).toMatchObject({
      code: 'admission-denied',
      hint: expect.stringContaining(hint),
    })
  })

  it('has its own hint when it is called invalid', () => {
    const message = `deployments.apps "web" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no`
    expect(admissionError(errorOf(message, 422))?.code).toBe('admission-denied')
  })

  it('in a terminating namespace has the code of that', () => {
    const message =
      'pods "web" is forbidden: unable to create new content in namespace n because it is being terminated'
    expect(admissionError(errorOf(message))?.code).toBe('namespace-terminating')
  })

  it('of a webhook that does not respond is the error of the server, with its own hint', () => {
    const message =
      'Internal error occurred: failed calling webhook "policy.example.com": Post "https://policy.ns.svc:443/validate?timeout=10s": dial tcp 10.0.0.1:443: connect: connection refused'
    expect(admissionError(errorOf(message, 500))).toMatchObject({
      code: 'cluster-server-error',
      hint: expect.stringContaining('webhook of this cluster does not respond'),
    })
  })

  it.each([
    [
      'a missing permission',
      'pods "web" is forbidden: User "u" cannot patch resource "pods" in API group "" in the namespace "n"',
      403,
    ],
    ['an error of the server', 'admission webhook "a" denied the request: x', 500],
  ])('is not %s', (_, message, status) => {
    expect(admissionError(errorOf(message, status))).toBeUndefined()
  })
})
