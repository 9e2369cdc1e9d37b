import type { Provider } from '../issuer.ts'
import { createApi, requireLogin } from './api.ts'
import { Projects } from './project.ts'
import { createRobotIssuer, type RobotRequest } from './robot-account.ts'
import { numberOf } from './robot-name.ts'

/** A Harbor server, its projects, and a user or robot account that may create robot accounts. */
export interface HarborRequest extends RobotRequest {
  readonly provider: 'harbor'
}

/** Logs in to Harbor, and mints robot accounts that may pull. */
export function createHarborProvider(request: HarborRequest): Provider {
  const { endpoint, projects } = request
  return {
    endpoint,
    async open(send) {
      const api = createApi(send, request)
      await requireLogin(api)
      const known = new Projects()
      const [only] = projects
      // Without the id of the project a robot account whose response is lost could not be found again.
      if (projects.length === 1 && only !== undefined && only !== '*') await known.idOf(api, only)
      return { organizationGuid: undefined, issuer: (send) => createRobotIssuer(send, request, known) }
    },
    manualRevocation: (id) =>
      `Delete it with \`curl -u <user> -X DELETE ${endpoint}/api/v2.0/robots/${numberOf(id) ?? id}\`, or in Harbor under Robot Accounts.`,
  }
}
