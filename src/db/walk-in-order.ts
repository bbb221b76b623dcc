// A queue is a long list of which a statement takes the first few. The planner, which cannot know how long it is for one
// library, may read all of it and sort: at night, with 200,000 texts waiting, a take of ten took two seconds, was too old
// to be handed over, and was put back for ever.
import { sql } from 'kysely'

/**
 * In the select list of a transaction's settings: walks the index in its own order and stops when there is enough, because what
 * a bitmap finds has no order. Sorting itself is not forbidden: what is decided about a few is sorted, too, and before
 * PostgreSQL 18 a forbidden step is so dear that each take would be compiled first (JIT), for seconds.
 */
export const walkInOrder = sql`set_config('enable_bitmapscan', 'off', true)`
