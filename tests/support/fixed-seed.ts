/**
 * Property tests try the same cases at every run, so that a failure is the change's and not the day's.
 * `OTIS_TEST_SEED=7 npm test` tries others; a failure prints the seed that it was found with.
 */
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env.OTIS_TEST_SEED ?? 20_261_122) });
