/** A credential that an earlier step of the workflow got from its registry. */
export interface StaticRequest {
  readonly provider: 'static'
  readonly password: string
}
