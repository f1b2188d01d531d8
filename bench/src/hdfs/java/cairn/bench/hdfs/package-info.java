/**
 * HDFS, measured as it is: its servers, each started in a process of ours, and the bench's client over its own. Compiled by
 * {@code bin/bench-hdfs}, when HDFS is asked for, against what that has fetched; no part of the project's build.
 */
package cairn.bench.hdfs;
