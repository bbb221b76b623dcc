// A queue is a long list of which a statement takes the first few. The planner, which cannot know how long it is for one
// library, may read all of it and sort: at night, with 200,000 texts waiting, a take of ten took two seconds, was too old
// to be handed over, and was put back for ever.
import { sql } from 'kysely'

/** In the select list of a transaction's settings: walks the index in its own order and stops when there is enough. */
export const walkInOrder = sql`set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)`
