import type { HarborApi } from './api.ts'
import { ENDPOINT_HINT } from './api.ts'

/** The projects of a run. Each is looked up once: their ids do not change. */
export class Projects {
  /** Of projects that a robot account of this run's targets is for, although the inputs do not name them. */
  readonly #earlier = new Set<string>()
  readonly #ids = new Map<string, number>()

  /** A robot account that an earlier run minted for another project: it has to be found to be revoked. */
  addEarlier(name: string): void {
    this.#earlier.add(name)
  }

  earlier(): readonly string[] {
    return [...this.#earlier]
  }

  /** The id of a project. @throws HttpError 403 also when there is none of that name, except to a system administrator */
  async idOf(api: HarborApi, name: string): Promise<number> {
    const known = this.#ids.get(name)
    if (known !== undefined) return known
    const response = await api.request({
      operation: `look up project ${name} at ${api.endpoint}`,
      path: `/projects/${encodeURIComponent(name)}`,
      // A name of digits would be read as an id.
      headers: { 'x-is-resource-name': 'true' },
      hints: () => ({ 403: PROJECT_HINT, 404: `${PROJECT_HINT} ${ENDPOINT_HINT}` }),
    })
    const { project_id: id } = response.json()
    if (!isId(id)) throw response.unexpected('the response has no project_id')
    this.#ids.set(name, id)
    return id
  }
}

/** An id of a database row. */
export function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0
}

const PROJECT_HINT =
  'Check `projects`: Harbor responds like this when there is no such project, and when the login may not read it.'
