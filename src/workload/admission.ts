import type { ErrorCode } from '../core/error-codes.ts'
import { ActionError } from '../core/errors.ts'
import type { HttpError } from '../http/errors.ts'

interface Refusal {
  readonly pattern: RegExp
  readonly hint: string
  /** Default `admission-denied`. */
  readonly code?: ErrorCode
}

/**
 * Why the API server refuses an object of a user who has the permission. The messages are those of
 * https://github.com/kubernetes/kubernetes/tree/master/plugin/pkg/admission (quota, limit ranges, service accounts, priority) and
 * https://github.com/kubernetes/kubernetes/tree/master/staging/src/k8s.io, in pod-security-admission/admission and, in
 * apiserver/pkg/admission/plugin, namespace/lifecycle, webhook/errors and policy/validating.
 */
const REFUSALS: readonly Refusal[] = [
  {
    pattern: /exceeded quota: |insufficient quota to consume: /,
    hint: 'The namespace has used up its quota: delete what it no longer needs, request less, or ask for a larger ResourceQuota (`kubectl describe quota`).',
  },
  {
    pattern: /failed quota: /,
    hint: 'The ResourceQuota of the namespace requires these requests and limits: set `resources` of each container, or add a LimitRange with defaults.',
  },
  {
    pattern: /status unknown for quota: /,
    hint: 'The ResourceQuota is new, and its usage is not known yet: run the job again.',
  },
  {
    pattern: /violates PodSecurity "/,
    hint: 'The label pod-security.kubernetes.io/enforce of the namespace demands it: set in the pod spec what the message names.',
  },
  {
    pattern:
      /(?:minimum|maximum) \S+ usage per (?:Pod|Container|PersistentVolumeClaim) is |max limit to request ratio per /,
    hint: 'The LimitRange of the namespace demands it: correct `resources` of the containers (`kubectl describe limits`).',
  },
  {
    pattern: /admission webhook "[^"]*" denied the request/,
    hint: 'A policy of this cluster refuses the object: correct what the message names, or ask the owner of the webhook.',
  },
  {
    pattern: /ValidatingAdmissionPolicy '[^']*' with binding '[^']*' denied request/,
    hint: 'A policy of this cluster refuses the object: correct what the message names, or ask the owner of the policy.',
  },
  {
    pattern: /unable to create new content in namespace \S+ because it is being terminated/,
    hint: 'The namespace is being deleted: wait, create it again, or remove it from the manifests.',
    code: 'namespace-terminating',
  },
  {
    pattern: /error looking up service account |serviceaccount "[^"]*" not found/,
    hint: 'Create the service account first, or correct `serviceAccountName`.',
  },
  {
    pattern: /no PriorityClass with name /,
    hint: 'Create the PriorityClass first, or correct `priorityClassName`.',
  },
  {
    pattern: /is attempting to grant RBAC permissions not currently held/,
    hint: 'Only a user who has these permissions can grant them: let an administrator apply this object, or grant the verbs escalate and bind.',
  },
]

/** The error with its own hint when an admission plugin refused the object; undefined when it is another refusal. */
export function admissionError(error: HttpError): ActionError | undefined {
  const refusal = REFUSALS.find(({ pattern }) => pattern.test(error.serverMessage))
  if (refusal === undefined || error.status < 400 || error.status >= 500) return undefined
  const { code = 'admission-denied', hint } = refusal
  return new ActionError(code, error.message, { hint, details: error.details, cause: error })
}

/** What to do about a message of the API server that an event repeats. */
export function admissionHint(message: string): string | undefined {
  return REFUSALS.find(({ pattern }) => pattern.test(message))?.hint
}
