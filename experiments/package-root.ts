/** The folder that holds package.json, with a trailing slash: the parent of this room in a checkout, one further up from the build in dist/. */
export const packageRoot = new URL(import.meta.url.endsWith('.ts') ? '../' : '../../', import.meta.url)
