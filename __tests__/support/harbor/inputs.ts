// The inputs for the fake Harbor.
import type { FakeHarbor } from './environment.ts'

/** One project, as its administrator. */
export function harborInputs({ url, projectAdmin, image }: FakeHarbor) {
  return {
    provider: 'harbor',
    'registry-endpoint': url,
    username: projectAdmin.username,
    password: projectAdmin.password,
    projects: 'team',
    'verify-image': `${image.repository}:${image.tag}`,
  }
}
