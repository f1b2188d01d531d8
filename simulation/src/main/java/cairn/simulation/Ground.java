package cairn.simulation;

import cairn.model.proof.Witness;

/** What every host of one simulation stands on. */
record Ground(SimScheduler scheduler, Links links, SimOptions options, Witness witness, FaultLedger faults) {}
