/** Now, to the second, as the API writes times. */
export const timestamp = () => new Date().toISOString().replace(/\.\d+/, '')
