/** Zod compiles its checks with `new Function` where it may. The page's policy forbids it, and even the attempt would stand on the console. */
import { config } from 'zod'

config({ jitless: true })
