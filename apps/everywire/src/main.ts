/** The entry that `npm start` runs; it takes what `everywire` takes. */
import './command.js';
