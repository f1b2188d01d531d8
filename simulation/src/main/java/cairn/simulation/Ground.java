package cairn.simulation;

/** What every host of one simulation stands on. */
record Ground(SimScheduler scheduler, Links links, SimOptions options, ProbeCounts witness, FaultLedger faults) {}
