/** All of them. How to add one: README.md. */
import { INTAKE_MUTANTS } from "./intake.ts";
import type { Mutant } from "./mutant.ts";
import { SENDING_MUTANTS } from "./sending.ts";
import { TIMING_MUTANTS } from "./timing.ts";

export const MUTANTS: readonly Mutant[] = [...INTAKE_MUTANTS, ...SENDING_MUTANTS, ...TIMING_MUTANTS];
