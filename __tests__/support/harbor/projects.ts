// The projects and users of the fake Harbor.

export interface Project {
  readonly id: number
  readonly name: string
  readonly isPublic: boolean
}

export interface HarborUser {
  readonly id: number
  readonly username: string
  readonly password: string
  readonly isSystemAdmin: boolean
  /** Names of the projects that the user administers. */
  readonly administers: readonly string[]
}

export const library: Project = { id: 1, name: 'library', isPublic: true }
export const team: Project = { id: 2, name: 'team', isPublic: false }
export const other: Project = { id: 3, name: 'other', isPublic: false }
