// The API itself: a request in, a response out.
import { type FakeResponse, json, type RecordedRequest } from '../http/exchange.ts'
import type { Access, User } from './access.ts'
import { apply } from './apply.ts'
import { CustomResources } from './custom-resources.ts'
import { list, present } from './list.ts'
import { patcher } from './patch.ts'
import { readBody } from './request-body.ts'
import { discover, type KubernetesObject, type Resource, resources } from './resources.ts'
import { route, type Target, verbOf } from './route.ts'
import { selector } from './selector.ts'
import { methodNotAllowed, Refusal, resourceUnknown } from './status.ts'
import type { Store } from './store.ts'
import { watch } from './watch.ts'
import { create, find, patch, remove, replace, type WriteOptions } from './write.ts'

const applyType = 'application/apply-patch+yaml'

export class Api {
  readonly #store: Store
  readonly #access: Access
  readonly #custom: CustomResources

  constructor(store: Store, access: Access) {
    this.#store = store
    this.#custom = new CustomResources(store)
    this.#access = access
  }

  answer(request: RecordedRequest): FakeResponse {
    try {
      const user = this.#access.authenticate(request.headers.authorization)
      const served = [...resources, ...this.#custom.list()]
      return this.#discover(request.path, served) ?? this.#serve(user, request, served)
    } catch (error) {
      if (error instanceof Refusal) return json(error.code, error.status)
      throw error
    }
  }

  #discover(path: string, served: readonly Resource[]): FakeResponse | undefined {
    if (['/healthz', '/livez', '/readyz'].includes(path)) return { status: 200, body: 'ok' }
    const document = discover(path, served)
    return document === undefined ? undefined : json(200, document)
  }

  #serve(user: User, request: RecordedRequest, served: readonly Resource[]): FakeResponse {
    const target = route(request.path, served)
    if (target === undefined) return notServed(request.path, served)
    const verb = verbOf(request.method, target, request.query)
    this.#access.check(user, verb, target)
    if (target.resource.kind === 'SelfSubjectAccessReview') return this.#review(user, readBody(request))
    if (target.subresource === 'token') return this.#createToken(target)
    if (['get', 'list', 'watch'].includes(verb)) return this.#read(verb, target, request)
    return this.#write(verb, target, user, request)
  }

  #read(verb: string, target: Target, { query, headers }: RecordedRequest): FakeResponse {
    if (verb === 'get') return json(200, present(find(this.#store, target), headers.accept))
    const { resource, namespace } = target
    const isSelected = selector(query.get('labelSelector') ?? '', query.get('fieldSelector') ?? '', resource.kind)
    if (verb === 'list') {
      return json(200, present(list(this.#store, resource, namespace, isSelected, query), headers.accept))
    }
    const isWatched = (object: KubernetesObject) =>
      (namespace === '' || object.metadata.namespace === namespace) && isSelected(object)
    const seconds = query.get('timeoutSeconds')
    const options = {
      version: query.get('resourceVersion') ?? '',
      timeoutSeconds: seconds === null ? undefined : Number(seconds),
    }
    const body = watch(this.#store, resource, isWatched, options)
    return { status: 200, headers: { 'content-type': 'application/json' }, body }
  }

  #write(verb: string, target: Target, user: User, request: RecordedRequest): FakeResponse {
    const isCollection = target.name === ''
    if (isCollection !== (verb === 'create')) throw methodNotAllowed()
    const { query, headers } = request
    const manager = query.get('fieldManager') ?? (headers['user-agent'] ?? 'unknown').replace(/\/.*/, '')
    const options = { manager, isDryRun: query.getAll('dryRun').includes('All') }
    switch (verb) {
      case 'create':
        return json(201, create(this.#store, target, readBody(request), options))
      case 'update':
        return json(200, replace(this.#store, target, readBody(request), options))
      case 'delete':
        return json(200, remove(this.#store, target, readBody(request), options.isDryRun))
      case 'patch':
        return this.#patch(target, user, request, options)
      default:
        throw methodNotAllowed()
    }
  }

  #patch(target: Target, user: User, request: RecordedRequest, options: WriteOptions): FakeResponse {
    const body = readBody(request)
    const [type = ''] = (request.headers['content-type'] ?? '').split(';')
    if (type !== applyType) return json(200, patch(this.#store, target, patcher(type, body), options))
    const { resource, namespace, name } = target
    if (this.#store.get(resource, namespace, name) === undefined) this.#access.checkCreateByApply(user, target)
    const manager = request.query.get('fieldManager') ?? ''
    const force = request.query.get('force') === 'true'
    const { object, isCreated } = apply(this.#store, target, body, { ...options, manager, force })
    return json(isCreated ? 201 : 200, object)
  }

  #review(user: User, review: KubernetesObject): FakeResponse {
    const asked = { verb: '', group: '', resource: '', subresource: '', namespace: '', name: '' }
    const allowed = this.#access.allows(user, { ...asked, ...review.spec?.resourceAttributes })
    return json(201, { ...review, status: { allowed } })
  }

  #createToken(target: Target): FakeResponse {
    find(this.#store, target)
    const expirationTimestamp = new Date(Date.now() + 60 * 60 * 1000).toISOString()
    const status = { token: this.#access.issue(target.namespace, target.name), expirationTimestamp }
    return json(201, { kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1', metadata: {}, status })
  }
}

/** A group of resources that is not served is not even a Status. */
function notServed(path: string, served: readonly Resource[]): FakeResponse {
  const [group = ''] = /^\/(?:api|apis\/[^/]+)\/[^/]+/.exec(path) ?? []
  if (discover(group, served) !== undefined) throw resourceUnknown()
  return { status: 404, headers: { 'content-type': 'text/plain' }, body: '404 page not found\n' }
}
