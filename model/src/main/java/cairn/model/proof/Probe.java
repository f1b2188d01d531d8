package cairn.model.proof;

import java.util.Optional;

/**
 * The branches that handle a fault, each by a name of its own, in the order of the parts. The code that takes a branch tells
 * its {@link Witness}; the simulator counts, so that a branch that no test ever takes is known by name.
 *
 * <p>A name says what was met, not what was done about it.
 */
public enum Probe {
    /** Client, first contact: a master did not answer, or refused. */
    MASTER_NOT_MET,
    /** Client: a call to the master failed in a way that lets it be made again. */
    MASTER_CALL_REPEATED,
    /** Client: the master did not answer a call until its deadline. */
    MASTER_CALL_GIVEN_UP,
    /** Client, mutations: the primary did not answer within the time of one attempt. */
    PRIMARY_SILENT,
    /** Client, mutations: the deadline came before the answer. */
    MUTATION_GIVEN_UP,
    /** Client, mutations: the connection broke; the mutation may or may not be applied. */
    MUTATION_WITHOUT_ANSWER,
    /** Client, mutations: the chunk was sealed. */
    MUTATION_MET_SEAL,
    /** Client, mutations: one before this one had not been applied there. */
    MUTATION_MET_GAP("DisturbedClientTest"),
    /** Client, mutations: refused for damage or load; the same may be sent again. */
    MUTATION_MET_LOAD("DisturbedClientTest"),
    /** Client, mutations: the chunk's version was over, or the server cannot go on under it. */
    MUTATION_MET_NEW_VERSION,
    /** Client, mutations: a refusal from a place that was left already. */
    MUTATION_ANSWERED_TOO_LATE,
    /** Client, mutations: the server that leads cannot be reached. */
    PLACE_UNREACHABLE,
    /** Client, mutations: nobody leads the chunk now. */
    NO_PLACE,
    /** Client, mutations: the chunk that may hold unanswered ones was cut from its file. */
    PLACE_CUT_FROM_FILE("DisturbedClientTest"),
    /** Client, appender: a record was not acknowledged in time. */
    APPEND_TIMED_OUT,
    /** Client: somebody else moved the end of the file first. */
    END_MOVED,
    /** Client, appender: a chunk that has a successor was opened again by a writer. */
    OPENED_AGAIN_BEHIND_US,
    /** Client, writer: the chunk does not stand in the file where it stood. */
    CHUNK_MOVED,
    /** Client, writer: a mutation had to be made anew, in another chunk. */
    WRITE_FOUND_CHUNK_MOVED,
    /** Client, writer: a mutation of a call that ran out of time was still under way at the next call. */
    UNFINISHED_WRITE_ENDED,
    /** Client, writer: such a mutation's chunk had left the file. */
    UNFINISHED_WRITE_MOVED("DisturbedClientTest"),
    /** Client, writer: somebody else truncated the file during a truncation. */
    TRUNCATED_BY_OTHERS("DisturbedClientTest"),
    /** Client, output: somebody else changed the file while it was written. */
    OUTPUT_CHANGED_BY_OTHERS("DisturbedClientTest"),
    /** Client, output: the chunk before is open again, as the cell proves its replicas after a power loss. */
    OUTPUT_SEALED_AGAIN("DisturbedClientTest"),
    /** Client: a chunk was cut from its file while the master brought it up. */
    CUT_WHILE_OPENED("DisturbedClientTest"),
    /** Client: a call about a chunk failed at its server, and is made again under its present version. */
    CHUNK_CALL_REPEATED,
    /** Client: no such call was answered until the deadline. */
    CHUNK_CALL_GIVEN_UP,
    /** Client, follower: the chunk whose growth was awaited was cut from the file. */
    FOLLOWED_CHUNK_CUT("DisturbedClientTest"),
    /** Client: the last chunk was cut from the file while its length was asked for. */
    LENGTH_CHUNK_CUT("DisturbedClientTest"),
    /** Client: the same, while a status was made. */
    STAT_CHUNK_GONE("DisturbedClientTest"),
    /** Client, reads: a read ahead could not be sent. */
    READ_AHEAD_NOT_SENT("DisturbedClientTest"),
    /** Client, reads: a read ahead failed, and is done anew. */
    READ_AHEAD_FAILED("DisturbedClientTest"),
    /** Client, reads: a replica refused or did not answer; another is asked. */
    READ_ELSEWHERE,
    /** Client, reads: the chunk has another version, or is gone from that server. */
    LOCATION_STALE,
    /** Client, reads: a server found its replica damaged. */
    REPLICA_REPORTS_DAMAGE,
    /** Client, reads: bytes arrived that do not match their checksums. */
    BYTES_DAMAGED("DisturbedClientTest"),
    /** Client, reads: the master could not be told of damaged bytes. */
    BAD_REPLICA_NOT_TOLD("DisturbedClientTest"),
    /** Client, reads: every replica is damaged, several times over. */
    EVERY_REPLICA_DAMAGED("DisturbedClientTest"),
    /** Client, reads: the chunk ended, and was not the last any more. */
    CHUNK_ENDED_EARLY,
    /** Client, reads: no replica could be read under a version that the master holds to be good. */
    READ_COMPLAINED,
    /** Client, reads: nobody led the open chunk. */
    READ_FOUND_NO_LEADER,
    /** Client, reads: the deadline came first. */
    READ_GIVEN_UP,
    /** Client, reads: one took longer than nearly all, and a second replica was asked, too. */
    READ_HEDGED,
    /** Client, reads from files: the server on this host gave no permit, or not for these bytes. */
    NEAR_NOT_PERMITTED,
    /** Client, reads from files: its file, its words or its clock is not this host's, or not for this user. */
    NEAR_NOT_HERE("NearReadsTest"),
    /** Client, reads from files: the permit had ended when the bytes were read. */
    NEAR_PERMIT_ENDED,
    /** Client, reads from files: the server's term was over. */
    NEAR_TERM_OVER,
    /** Client, reads from files: the server was dead. */
    NEAR_SERVER_DEAD,
    /** Client, reads from files: the file could not be read. */
    NEAR_FILE_FAILED,
    /** Client, reads from files: bytes that do not match their checksums, under a permit. */
    NEAR_BYTES_DAMAGED,
    /** RPC, caller: nobody listens there. */
    CONNECTION_REFUSED,
    /** RPC, caller: no connection could be made, for another reason. */
    CONNECTION_FAILED,
    /** RPC, caller: another thread's attempt to connect took too long. */
    CONNECTION_NOT_MADE_IN_TIME,
    /** RPC, caller: the pool was closed while a connection was made. */
    CONNECTED_TOO_LATE,
    /** RPC, caller: nobody listened there a moment ago; it is not tried again yet. */
    REFUSED_A_MOMENT_AGO,
    /** RPC, caller: the server said why it does not serve this connection. */
    TURNED_AWAY("GarbageTest"),
    /** RPC, caller: the connection broke. */
    CONNECTION_BROKEN,
    /** RPC, caller: the server closed the connection. */
    CONNECTION_CLOSED_BY_SERVER,
    /** RPC, caller: the server sent what is no answer. */
    ANSWER_MALFORMED("HostileServerTest"),
    /** RPC, caller: the deadline came before the answer. */
    ANSWER_OVERDUE,
    /** RPC, caller: an answer came for a call that was given up. */
    ANSWER_TOO_LATE,
    /** RPC, caller, streams: its user took no answers for so long that the server would soon call it slow. */
    STREAM_LEFT_LYING("StreamsTest"),
    /** RPC, caller: the server answered nothing for a while, no ping either. */
    PING_UNANSWERED,
    /** RPC, caller: a server that owes answers gave no sign of life, on a connection of its own. */
    SERVER_GIVES_NO_SIGN,
    /** RPC, caller: no sign of life in time, but this process itself was held up. */
    OVERSLEPT_A_SIGN,
    /** RPC, caller: the server takes no bytes. */
    SERVER_READS_NOTHING("HostileServerTest"),
    /** RPC, caller: too many bytes wait for a server that takes them slowly. */
    CALLS_NOT_TAKEN("HostileServerTest"),
    /** RPC, caller: too much is unanswered on the connection. */
    TOO_MUCH_UNANSWERED("CallsTest"),
    /** RPC, server: a connection could not be accepted. */
    ACCEPT_FAILED("ServerLimitsTest"),
    /** RPC, server: the limit of connections is reached. */
    TOO_MANY_CONNECTIONS("GarbageTest"),
    /** RPC, server: the caller sent what is no request. */
    REQUEST_MALFORMED("GarbageTest"),
    /** RPC, server: the connection broke. */
    CALLER_GONE,
    /** RPC, server: the caller sent nothing for too long. */
    CALLER_SILENT("ServerLimitsTest"),
    /** RPC, server: the caller takes no bytes. */
    CALLER_READS_NOTHING("SlowPeerTest"),
    /** RPC, server: too many bytes wait for a caller that takes them slowly. */
    ANSWERS_NOT_TAKEN("SlowPeerTest"),
    /** RPC, server: there is no memory for another payload. */
    PAYLOAD_MEMORY_FULL("SlowPeerTest"),
    /** RPC, server: the connection has too many calls without an answer. */
    TOO_MANY_CALLS("ServerLimitsTest"),
    /** RPC, server: the connection has too many calls that are being carried out. */
    TOO_MANY_SLOW_CALLS("HostilePeerTest"),
    /** RPC, server: a call failed in a way that says nothing to its caller. */
    CALL_FAILED_INSIDE("CallsTest"),

    /** RPC, caller: the server began an answer and did not finish it in time. */
    SERVER_STALLED("HostileServerTest"),
    /** RPC, caller: the server sent what nobody had asked for, or more of it. */
    ANSWER_UNASKED("HostileServerTest"),
    /** RPC, server: a caller did not say HELLO in time. */
    CALLER_STRANGE("HostilePeerTest"),
    /** RPC, server: a caller began a frame and did not finish it in time. */
    CALLER_STALLED("HostilePeerTest"),
    /** RPC, server: the limit of connections is reached, and one that can be spared gives way. */
    CONNECTION_GAVE_WAY("HostilePeerTest"),
    /** RPC, server: a request has a larger message or payload than its method may have. */
    REQUEST_TOO_LARGE("HostilePeerTest"),
    /** RPC, server: there is no memory for another request, or this caller has its share of it. */
    REQUEST_MEMORY_FULL("HostilePeerTest"),
    /** RPC, server: there is no memory for the payload of an answer, or this caller has its share of it. */
    ANSWER_MEMORY_FULL("HostilePeerTest"),
    /** RPC, server: an answer is larger than a frame may be. */
    ANSWER_TOO_LARGE("HostilePeerTest"),
    /** Master, snapshot: something in the tree was being written. */
    SNAPSHOT_FOUND_OPEN_CHUNKS,
    /** Master, snapshot: an open chunk has nobody who could seal it. */
    SNAPSHOT_OF_UNLED_CHUNK,
    /** Master, snapshot: a chunk was not sealed in time, and its primary is asked again. */
    SNAPSHOT_ASKS_AGAIN,
    /** Master, snapshot: a chunk could not be sealed for so long that writers are let go on. */
    SNAPSHOT_GIVEN_UP("SnapshotTest"),
    /** Master, snapshot: names were changed meanwhile so that it cannot be made. */
    SNAPSHOT_OVERTAKEN("SnapshotTest"),
    /** Master, snapshot: a writer in the tree waits for its end. */
    WRITER_HELD_BY_SNAPSHOT,
    /** Master, snapshot: servers may still serve what was cut from a file of the tree. */
    SNAPSHOT_AWAITS_VEIL("OvertakenTest"),
    /** Master, cut of a file: a request waits until nobody can read what was cut. */
    REQUEST_HELD_BY_VEIL,
    /** Master, cut of a file: a server did not drop what was cut in time, and its term is awaited. */
    TERM_AWAITED_AFTER_CUT,
    /** Master, cut of a file: servers may still serve what was cut before this master started. */
    VEIL_OF_AN_EARLIER_LIFE("VeilTest"),
    /** Master, fork: nobody has a good replica of the shared chunk. */
    FORK_WITHOUT_HOLDER,
    /** Master, fork: the shared chunk is being proved, and is sealed again first. */
    FORK_WAITS_FOR_PROOF("SnapshotTest"),
    /** Master, fork: a server could not copy its replica. */
    FORK_FAILED,
    /** Master, fork: copies take long, and writers are told to come back meanwhile. */
    FORK_SLOW("StragglersTest"),
    /** Chunkserver, fork: the copy would have been one of damaged bytes. */
    FORK_FOUND_DAMAGE("StrangeOrdersTest"),
    /** Master, fork: a server has not answered, the others are enough or not. */
    FORK_LATE("OvertakenTest"),
    /** Master, fork: too few copies were made. */
    FORK_TOO_FEW,
    /** Master, fork: while copies were made, the chunk changed or was not shared any more. */
    FORK_OUTDATED("OvertakenTest"),
    /** Master, fork: a copy was made of which nothing is known any more. */
    FORKED_TOO_LATE("SnapshotTest"),
    /** Master: a copy is reported before the chunk that it belongs to is logged. */
    PENDING_FORK_REPORTED,
    /** Master: a client names a chunk in whose place a fork stands by now. */
    CHUNK_WAS_FORKED,
    /** Master, names: a request came again that had been carried out. */
    REQUEST_REPEATED,
    /** Master, names: a request came again that had had nothing to do. */
    IDLE_REQUEST_REPEATED,
    /** Master, names: a request came again that had been refused. */
    REFUSED_REQUEST_REPEATED,
    /** Master, names: a file would be one more than a directory may hold. */
    QUOTA_OF_FILES_EXCEEDED,
    /** Master, names: bytes would be more than a directory may hold. */
    QUOTA_OF_BYTES_EXCEEDED("QuotaTest"),
    /** Master, trash: a directory keeps nothing of what is deleted in it. */
    DELETED_WITHOUT_TRASH,
    /** Master, trash: the time of an entry is over. */
    TRASH_EXPIRED,
    /** Master, trash: something else has the name of what is to come back. */
    UNDELETE_NAME_TAKEN,
    /** Master, trash: the directory of what is to come back is gone. */
    UNDELETE_PARENT_GONE("TrashTest"),
    /** Master: a chunkserver repeats its registration. */
    REGISTERED_TWICE,
    /** Master: a registration arrives that its chunkserver has given up meanwhile. */
    REGISTRATION_LATE,
    /** Master: a primary registers again, and has no replica of what it led. */
    LEADER_LOST_ITS_REPLICA,
    /** Master: a page of replicas arrives a second time, long after the registration. */
    REPLICAS_LATE,
    /** Master: a chunkserver of another cell registers. */
    SERVER_OF_ANOTHER_CELL("StrangersTest"),
    /** Master: a chunkserver registers under an id that was never given. */
    SERVER_NEVER_KNOWN("StrangersTest"),
    /** Master: a chunkserver speaks that is not registered, or not any more. */
    SESSION_UNKNOWN,
    /** Master: a chunkserver has not been heard for a while. */
    SERVER_SILENT,
    /** Master: it has not been heard for so long that readers are not sent there. */
    SERVER_DEAD,
    /** Master: for so long that its replicas are counted out. */
    SERVER_WRITTEN_OFF,
    /** Master: nobody listens at a chunkserver's address. */
    SERVER_GONE,
    /** Master, reports: a chunk that this master never made. */
    CHUNK_NEVER_MADE("StrangersTest"),
    /** Master, reports: a chunk that was deleted. */
    DELETED_CHUNK_REPORTED,
    /** Master, reports: a replica outside of an open chunk's version, which is led. */
    LEFT_BEHIND_REPLICA_DROPPED,
    /** Master, reports: such a replica that does not know of the version, which is not led. */
    LEFT_BEHIND_REPLICA_FENCED,
    /** Master, reports: an older replica of a sealed chunk that has enough good ones. */
    STALE_REPLICA_DROPPED,
    /** Master, reports: such a replica without a fence while good ones are missing. */
    STALE_REPLICA_FENCED,
    /** Master, reports: a complete replica that has not heard of the seal. */
    SEAL_MISSED,
    /** Master, registration: a replica of a sealed chunk has lost its end while its server was down. */
    SEALED_REPLICA_CAME_BACK_SHORT,
    /** Master, reports: a server leads a version, and this master did not know. */
    LEADER_ADOPTED,
    /** Master, reports: a server does not lead what this master takes it to lead. */
    LEADER_DENIES,
    /** Master, reports: a server found its replica bad, and others hold the chunk. */
    BAD_REPLICA_COUNTED_OUT,
    /** Master, reports: a server found its replica bad, and nobody else holds the chunk. */
    BAD_REPLICA_KEPT_AS_LAST,
    /** Master, reports: the same, and the server is a member of the open chunk's version. */
    BAD_MEMBER_LEFT_OUT,
    /** Master, reports: nobody has a good replica of what a server has put aside; it shall look again. */
    QUARANTINED_REPLICA_WANTED,
    /** Master, reports: what a server has put aside is needed no more. */
    QUARANTINED_REPLICA_DISCARDED,
    /** Master: a client received damaged bytes. */
    CLIENT_REPORTS_BAD_REPLICA("RepairTest"),
    /** Master, new chunk: no chunkserver can take it. */
    NO_SERVER_FOR_NEW_CHUNK,
    /** Master, new file: its first chunk, which was wanted with it, cannot be made now. */
    FILE_MADE_WITHOUT_CHUNK,
    /** Master, new chunk: too few chunkservers can take it. */
    NEW_CHUNK_BELOW_GOAL,
    /** Master, new chunk: too few are back since the master has started. */
    NEW_CHUNK_AWAITS_SERVERS,
    /** Master, new chunk: somebody else was first, or the request is repeated. */
    CHUNK_ADDED_BEFORE,
    /** Master, new chunk: the chunk before it is not in the file any more. */
    CHUNKS_CUT_MEANWHILE("OvertakenTest"),
    /** Master, new chunk: the chunk before it is open. */
    LAST_CHUNK_STILL_OPEN,
    /** Master: a chunk is to be opened that is not in the file any more. */
    CHUNK_NOT_IN_FILE("OvertakenTest"),
    /** Master: a sealed chunk is to be read, and no replica that is here is proven. */
    SEALED_CHUNK_UNPROVEN("OvertakenTest"),
    /** Master: a sealed chunk is to be read, and no replica is here. */
    SEALED_CHUNK_AWAY,
    /** Master: a client cannot get on with a chunk's leader. */
    LEADER_COMPLAINED_OF,
    /** Master: it still cannot. */
    LEADER_COMPLAINED_OF_AGAIN,
    /** Master: the leader complained of answers. */
    SUSPECTED_LEADER_LIVES,
    /** Master: the leader complained of answers, and does not lead any more. */
    SUSPECTED_LEADER_LEADS_NO_MORE,
    /** Master: the leader complained of does not answer. */
    SUSPECTED_LEADER_SILENT,
    /** Master: a primary reports that a member failed. */
    MEMBER_REPORTED,
    /** Master: a server speaks as the primary of a chunk that was deleted. */
    PRIMARY_OF_DELETED_CHUNK("OvertakenTest"),
    /** Master: a server speaks as the primary of a version that is over. */
    PRIMARY_OF_OLDER_VERSION,
    /** Master: a server speaks as the primary of a chunk that is sealed. */
    PRIMARY_OF_SEALED_CHUNK("OvertakenTest"),
    /** Master: a seal is repeated. */
    SEALED_TWICE,
    /** Master, version start: members may be back soon after the master has started. */
    MEMBERS_AWAITED_AFTER_START,
    /** Master, versions: every full member has lost its replica; those that were complete before go on. */
    MEMBERS_LOST_WHAT_THEY_HAD,
    /** Master, versions: a member has mutations of a chunk that nobody seemed to have led. */
    FRESH_CHUNK_LED_BEFORE("OvertakenTest"),
    /** Master, versions: another full member has more than the one that was to be the source. */
    BETTER_SOURCE_FOUND,
    /** Master, repair: a member of a chunk that is led may have lost bytes; a new version is started to prove it. */
    MEMBER_TO_BE_PROVEN,
    /** Master, repair: a chunk is open, led and idle, and the server of a member has been written off. */
    MEMBER_WRITTEN_OFF,
    /** Master, version start: the chunk's version was logged and never led. */
    VERSION_NEVER_LED,
    /** Master, version start: nobody who is here is known to hold all that was acknowledged. */
    NO_COMPLETE_REPLICA,
    /** Master, version start: only replicas that may have lost bytes are left. */
    SUSPECT_SOURCE,
    /** Master, version start: a member may have lost bytes in a crash. */
    MEMBER_SUSPECT,
    /** Master, version start: a member lacks acknowledged bytes. */
    MEMBER_INCOMPLETE,
    /** Master, version start: a member of the version before does not take part. */
    MEMBER_LEFT_OUT,
    /** Master, version start: a server chosen for a new chunk failed, and another is chosen. */
    FRESH_MEMBER_REPLACED,
    /** Master, version start: a server did not take the version. */
    PREPARE_FAILED,
    /** Master, version start: a server holds nothing of the chunk. */
    PREPARE_FOUND_NOTHING,
    /** Master, version start: a server took a version that was given up. */
    PREPARED_TOO_LATE,
    /** Master, version start: a server took a version of a chunk that was deleted meanwhile, and is told to drop it. */
    PREPARED_AFTER_DELETION("DrainTest"),
    /** Master, version start: a member logged as complete has lost bytes meanwhile. */
    MEMBER_SUSPECT_SINCE,
    /** Master, version start: a server left behind may still serve readers. */
    SERVING_TERM_AWAITED,
    /** Master, version start: a server left behind without a fence has to register anew. */
    SESSION_TAKEN_BACK,
    /** Master, version start: a server may serve readers since before this master started. */
    SERVER_UNHEARD_SINCE_START,
    /** Master, version start: the first member could not lead. */
    LEAD_FAILED,
    /** Master, version start: another member could not follow. */
    LEAD_FAILED_AT_MEMBER,
    /** Master, version start: a version is led that was given up. */
    LED_TOO_LATE,
    /** Master, version start: the first member fell silent before it led. */
    LEADER_TO_BE_VANISHED,
    /** Master, version start: a leader showed up while the next attempt was due. */
    ADOPTED_WHILE_WAITING,
    /** Master, orders: a connection broke, and a new one was refused: the process is dead. */
    DEATH_PROVED_BY_KNOCKING,
    /** Master, version start: a leader showed up before its answer to LEAD. */
    ADOPTED_WHILE_LEADING,
    /** Master, version start: the chunk was deleted. */
    CHUNK_CUT_WHILE_BROUGHT_UP,
    /** Master, version start: nothing can be tried, and nobody waits for it. */
    NOBODY_WAITS_FOR_CHUNK,
    /** Master, version start: a request's wait for the chunk is over. */
    WAITED_TOO_LONG_FOR_CHUNK,
    /** Master, version start: several failed in a row. */
    VERSION_POSTPONED,
    /** Master, version start: too many failed in a row. */
    VERSIONS_USED_UP("OvertakenTest"),
    /** Master, repair: nobody leads an open chunk for long. */
    CHUNK_WITHOUT_LEADER,
    /** Master, repair: a sealed chunk has a replica that is not proven. */
    REPLICA_UNPROVEN,
    /** Master, repair: a sealed chunk has too few replicas. */
    REPLICA_MISSING,
    /** Master, repair: it has too many. */
    REPLICA_SURPLUS,
    /** Master, movement: a server is to be drained. */
    SERVER_DRAINED,
    /** Master, movement: that is taken back. */
    SERVER_UNDRAINED,
    /** Master, movement: a drained server holds nothing any more. */
    SERVER_EMPTY,
    /** Master, movement: a chunk that is all there has a replica on a drained server. */
    REPLICA_LEAVING,
    /** Master, movement: what a drained server holds of a sealed chunk is elsewhere. */
    REPLICA_MOVED_AWAY,
    /** Master, movement: a chunk that is being written goes on without a member that is drained. */
    MEMBER_DISMISSED,
    /** Master, movement: another member failed in the version that was to go without the drained one. */
    DISMISSAL_TAKEN_BACK("DrainTest"),
    /** Master, movement: all replicas of a chunk are on one rack, and there are others. */
    REPLICAS_ON_ONE_RACK,
    /** Master, movement: a replica is moved from a full server to an emptier one. */
    REPLICA_BALANCED,
    /** Master, movement: such a replica has come, and the one it was copied from goes. */
    REPLICA_MOVED_FOR_BALANCE,
    /** Master, movement: a server that may still live was to be forgotten. */
    LIVE_SERVER_TO_BE_FORGOTTEN,
    /** Master, movement: a server that may hold the last replica of something was to be forgotten. */
    LAST_HOLDER_TO_BE_FORGOTTEN("DrainTest"),
    /** Master, movement: a server is forgotten. */
    SERVER_FORGOTTEN,
    /** Master, movement: a forgotten server is back. */
    FORGOTTEN_SERVER_BACK("DrainTest"),
    /** Master, repair: every good replica is busy. */
    COPY_WITHOUT_SOURCE,
    /** Master, repair: no server can take a copy. */
    COPY_WITHOUT_TARGET,
    /** Master, repair: an open chunk was copied, and a new member is not due now. */
    NEWCOMER_NOT_DUE,
    /** Master, repair: a copy failed. */
    COPY_FAILED,
    /** Master, repair: the chunk was deleted while it was copied. */
    COPY_OUTDATED("StragglersTest"),
    /** Master, repair: the target lost its session while it copied. */
    COPY_TARGET_REGISTERS("OvertakenTest"),
    /** Master: a server did not answer the order to drop replicas. */
    DROP_UNANSWERED,
    /** Master: a heartbeat comes after one that was sent later. */
    HEARTBEAT_LATE,
    /** Master, heartbeat: a server has no replica where one was counted. */
    GHOST_DISMISSED("RepairTest"),
    /** Master: a server did not seal a chunk. */
    SEAL_ORDER_FAILED,
    /** Master: no checkpoint could be made. */
    CHECKPOINT_FAILED,
    /** Log: a write or sync failed. */
    LOG_WRITE_FAILED,
    /** Log, start: the last records are torn; nobody was told of them. */
    LOG_TAIL_TORN,
    /** Log, start: the last segment has no header. */
    LOG_SEGMENT_STILLBORN("LogStoreTest"),
    /** Log, start: a record is damaged that had been durable. */
    LOG_DAMAGED("LogStoreTest"),
    /** Log, start: records are missing. */
    LOG_INCOMPLETE("LogStoreTest"),
    /** Log, start: the cell was being made. */
    CELL_UNFINISHED("LogStoreTest"),
    /** Log, start: a checkpoint was being made. */
    CHECKPOINT_UNFINISHED,
    /** Log: a checkpoint cannot be read. */
    CHECKPOINT_DAMAGED("LogStoreTest"),
    /** Chunkserver, fork: the replica to be copied has not heard yet that its chunk is sealed. */
    FORK_TELLS_OF_SEAL,
    /** Chunkserver, fork: the copy is there already. */
    FORKED_TWICE,
    /** Chunkserver, fork: the replica to be copied is not what the master takes it for. */
    FORK_OF_ANOTHER_VERSION,
    /** Chunkserver, lead: the chunk is shared; it is sealed again as soon as it is proved. */
    LED_FROZEN,
    /** Chunkserver: the master does not answer, or does not know this server any more. */
    MASTER_LOST,
    /** Chunkserver: what listens at the master's address never takes this server: the master of another cell, or no master. */
    MASTER_NOT_OURS("StrangeOrdersTest"),
    /** Chunkserver: a disk failed during the registration. */
    REGISTRATION_HALF_DONE,
    /** Chunkserver: the master did not answer a registration, or a page of it, in time. */
    REGISTRATION_ANSWERED_LATE,
    /** Chunkserver: the master was too busy for a registration or a page of it. */
    REGISTRATION_AT_BUSY_MASTER("SlowMasterTest"),
    /** Chunkserver: a heartbeat was not answered. */
    HEARTBEAT_LOST,
    /** Chunkserver: the master wants this server to register anew. */
    HEARTBEAT_REFUSED,
    /** Chunkserver: a replica lies on a disk that fails. */
    REPLICA_ON_FAILING_DISK,
    /** Chunkserver: a replica cannot be counted on. */
    REPLICA_FOUND_BAD,
    /** Chunkserver: the master has better ones than a bad replica. */
    BAD_REPLICA_PUT_ASIDE,
    /** Chunkserver: a fence or a seal that the master told cannot be noted; the replica counts as bad. */
    ORDER_NOT_CARRIED_OUT,
    /** Chunkserver, heartbeat: what the master says of a replica was true before a newer version began. */
    ORDER_OVERTAKEN("OvertakenOrderTest"),
    /** Chunkserver: a replica could not be dropped. */
    REPLICA_NOT_DROPPED,
    /** Chunkserver: a replica could not be synced in the background. */
    REPLICA_NOT_SYNCED,
    /** Chunkserver: no disk can take a new replica. */
    ALL_DISKS_FAIL,
    /** Chunkserver, start: a chunk is on two disks. */
    CHUNK_ON_TWO_DISKS("DiskMoveTest"),
    /** Chunkserver, disks: of a chunk on two disks, one replica was verified and the other deleted. */
    SPARE_REPLICA_DROPPED("DiskMoveTest"),
    /** Chunkserver, disks: a replica was moved from a full disk to an emptier one. */
    REPLICA_MOVED_TO_OTHER_DISK,
    /** Chunkserver, disks: the replica was changed, dropped or found bad while it was copied to another disk. */
    DISK_MOVE_OVERTAKEN("DiskMoveTest"),
    /** Chunkserver, disks: a replica could not be moved to another disk. */
    DISK_MOVE_FAILED("DiskMoveTest"),
    /** Chunkserver: a request has numbers that no request can have. */
    REQUEST_ABSURD("FuzzTest"),
    /** Chunkserver: a call about a chunk of which there is no replica here. */
    CALL_WITHOUT_REPLICA,
    /** Chunkserver, mutations: the client's version is over. */
    MUTATION_OF_OLDER_VERSION,
    /** Chunkserver, mutations: the client knows a newer version than this server. */
    MUTATION_OF_NEWER_VERSION("StrangeOrdersTest"),
    /** Chunkserver, mutations: the replica waits for its next version. */
    MUTATION_BETWEEN_VERSIONS,
    /** Chunkserver, mutations: another server leads. */
    MUTATION_AT_MEMBER,
    /** Chunkserver, mutations: the chunk is sealed. */
    MUTATION_AFTER_SEAL,
    /** Chunkserver, mutations: it was applied before the seal. */
    MUTATION_REPEATED_AFTER_SEAL,
    /** Chunkserver, mutations: it was applied before. */
    MUTATION_REPEATED,
    /** Chunkserver, mutations: its answer was forgotten, or it is a late copy. */
    MUTATION_LONG_DONE,
    /** Chunkserver, mutations: the one before it was not applied. */
    MUTATION_OUT_OF_ORDER("StrangeOrdersTest"),
    /** Chunkserver, mutations: the bytes do not match their checksums. */
    MUTATION_DAMAGED("DamagedBytesTest"),
    /** Chunkserver, mutations: the version ended before it was begun. */
    LEAD_LOST_BEFORE_MUTATION("RealThreadsTest"),
    /** Chunkserver, primary: its own disk refused a mutation. */
    PRIMARY_CANNOT_APPLY,
    /** Chunkserver, primary: a member says that one cannot apply a mutation. */
    MEMBER_FAILED,
    /** Chunkserver, primary: the member behind refused, or its connection broke. */
    MEMBER_LOST,
    /** Chunkserver, primary: a member did not answer for a mutation in time. */
    MEMBER_SILENT,
    /** Chunkserver: a mutation could not be sent to the member behind. */
    MEMBER_UNREACHABLE,
    /** Chunkserver, primary: a member acknowledged under a version that is over. */
    ACKNOWLEDGED_TOO_LATE,
    /** Chunkserver, primary: the master could not be told of a failed member. */
    FAILURE_NOT_TOLD_YET,
    /** Chunkserver, primary: the master knows of a newer version. */
    FAILURE_KNOWN_BETTER,
    /** Chunkserver, member: the bytes do not match their checksums. */
    REPLICATION_DAMAGED("DamagedBytesTest"),
    /** Chunkserver, member: the primary's version is over. */
    REPLICATION_OF_OLDER_VERSION,
    /** Chunkserver, member: this replica is not established in the primary's version. */
    REPLICATION_OUTSIDE_VERSION,
    /** Chunkserver, member: not the next mutation. */
    REPLICATION_OUT_OF_ORDER,
    /** Chunkserver, member: its disk refused a mutation. */
    MEMBER_CANNOT_APPLY,
    /** Chunkserver, member: the one behind did not answer in time. */
    MEMBER_BEHIND_SILENT,
    /** Chunkserver, member: the one behind says that one cannot apply a mutation. */
    MEMBER_BEHIND_FAILED,
    /** Chunkserver, member: the one behind refused, or its connection broke. */
    MEMBER_BEHIND_LOST,
    /** Chunkserver, seal: the member behind did not hear of it. */
    SEAL_UNHEARD,
    /** Chunkserver, seal: the version ended before all was quiet. */
    SEAL_OVERTAKEN,
    /** Chunkserver, seal: the master does not answer. */
    SEAL_NOT_LOGGED_YET,
    /** Chunkserver, seal: the master refused. */
    SEAL_REFUSED,
    /** Chunkserver, seal: the version ended when the seal was logged. */
    SEALED_BY_ANOTHER("StrangeOrdersTest"),
    /** Chunkserver, seal: its own disk refused. */
    SEAL_NOT_WRITTEN,
    /** Chunkserver, seal: it took longer than its caller waits. */
    SEAL_TIMED_OUT("StrangeOrdersTest"),
    /** Chunkserver, seal: asked for under another version. */
    SEAL_OF_ANOTHER_VERSION,
    /** Chunkserver, seal: the replica waits for its next version. */
    SEAL_BETWEEN_VERSIONS,
    /** Chunkserver, seal: the replica that missed it has to be mended first. */
    SEAL_NOTED_TOO_EARLY,
    /** Chunkserver, seal: the primary is told of its own. */
    SEAL_NOTED_TO_PRIMARY,
    /** Chunkserver, version start: there is no replica here. */
    PREPARE_WITHOUT_REPLICA,
    /** Chunkserver, version start: a newer version is known here. */
    FENCED_BY_NEWER_VERSION,
    /** Chunkserver, version start: a newer version came while this one waited for its turn. */
    VERSION_OVERTAKEN,
    /** Chunkserver, version start: left behind, and beyond that already. */
    FENCE_OF_OLDER_VERSION,
    /** Chunkserver, version start: asked what it holds under another version. */
    STATE_OF_ANOTHER_VERSION,
    /** Chunkserver, version start: a repair came under another version. */
    RECONCILED_OUTSIDE_VERSION,
    /** Chunkserver, version start: a repair came for a replica that was dropped. */
    RECONCILED_WITHOUT_REPLICA,
    /** Chunkserver, version start: a repair's bytes do not match their checksums. */
    REPAIR_DAMAGED("DamagedBytesTest"),
    /** Chunkserver, version start: blocks differ from the primary's. */
    REPLICA_REPAIRED,
    /** Chunkserver, version start: the replica is longer than the primary's. */
    REPLICA_CUT,
    /** Chunkserver, version start: a newer version came while the part was taken. */
    PART_OVERTAKEN,
    /** Chunkserver, primary to be: there is no replica here. */
    LEAD_WITHOUT_REPLICA("StrangeOrdersTest"),
    /** Chunkserver, primary to be: it has lost what it had when it was prepared. */
    LEAD_AFTER_LOSS("StrangeOrdersTest"),
    /** Chunkserver, primary to be: it leads already. */
    LEAD_REPEATED,
    /** Chunkserver, primary to be: the version is over. */
    LEAD_OF_ANOTHER_VERSION,
    /** Chunkserver, primary to be: a newer version came while members were reconciled. */
    LEAD_OVERTAKEN,
    /** Chunkserver, primary to be: a newer version came while old readers were awaited. */
    VERSION_ENDED_WHILE_WAITING,
    /** Chunkserver, primary to be: a member could not be reconciled. */
    MEMBER_CANNOT_FOLLOW,
    /** Chunkserver, primary to be: a member lacks blocks, or has others. */
    MEMBER_DIFFERS,
    /** Chunkserver, primary to be: a member has more bytes. */
    MEMBER_IS_LONGER,
    /** Chunkserver, primary to be: its own replica cannot be read. */
    SOURCE_UNREADABLE("StrangeOrdersTest"),
    /** Chunkserver, reads: the reader's version is over. */
    READ_OF_OLDER_VERSION,
    /** Chunkserver, reads: the reader knows a newer version than this server. */
    READ_OF_NEWER_VERSION("StrangeOrdersTest"),
    /** Chunkserver, reads: the replica waits for its next version. */
    READ_BETWEEN_VERSIONS,
    /** Chunkserver, reads: the master has not been heard within the serving term. */
    READ_AFTER_SERVING_TERM,
    /** Chunkserver, reads: what is wanted may not be committed. */
    READ_NOT_COMMITTED_YET,
    /** Chunkserver, reads: the bytes were overwritten while they were read. */
    READ_CROSSED_BY_MUTATION,
    /** Chunkserver, reads: that happened several times in a row. */
    READ_OVERWRITTEN_OFTEN,
    /** Chunkserver, reads: what a reader on this host wants to read from the file is being overwritten. */
    PERMIT_NOT_GIVEN,
    /** Chunkserver, reads: the replica is damaged there. */
    READ_FOUND_DAMAGE,
    /** Chunkserver, reads: the primary does not say what is committed. */
    COMMITTED_NOT_TOLD,
    /** Chunkserver, reads: a mutation was not committed in time. */
    COMMIT_TIMED_OUT("StrangeOrdersTest"),
    /** Chunkserver, reads: a question for the primary, which is another server. */
    PRIMARY_ASKED_AT_MEMBER,
    /** Chunkserver: a replica does not match its checksums, and nobody had read it. */
    SCRUB_FOUND_DAMAGE,
    /** Chunkserver, target of a copy: what it has is bad. */
    BAD_REPLICA_REPLACED,
    /** Chunkserver, target of a copy: an older replica is there. */
    OLD_REPLICA_MENDED,
    /** Chunkserver, target of a copy: the chunk is being written meanwhile. */
    COPIED_WHILE_WRITTEN,
    /** Chunkserver, target of a copy: it broke off after a good part had come. */
    COPY_BROKE_OFF("StrangeOrdersTest"),
    /** Chunkserver, target of a copy: the chunk is being copied here already. */
    COPY_UNDER_WAY("StrangeOrdersTest"),
    /** Chunkserver, copy: a source failed. */
    COPY_SOURCE_FAILED,
    /** Chunkserver, copy: the source holds another version or length. */
    COPY_SOURCE_DIFFERS,
    /** Chunkserver, copy: bytes arrived that do not match their checksums. */
    COPY_DAMAGED("StrangeOrdersTest"),
    /** Store: an operation failed. */
    DISK_FAILED,
    /** Store: no space is left. */
    DISK_FULL,
    /** Store: an operation failed that was not needed now. */
    DISK_TROUBLE_NOTED,
    /** Store: the disk is down to its reserve. */
    NO_SPACE_FOR_REPLICA,
    /** Store: the journal of a new replica could not be made. */
    REPLICA_NOT_CREATED,
    /** Store: what was put aside proved to be well, and is taken back. */
    REPLICA_TAKEN_BACK,
    /** Store: a replica is not to be trusted any more. */
    REPLICA_PUT_ASIDE,
    /** Store: a copy ended before it was whole. */
    IMPORT_GIVEN_UP,
    /** Store: a fence older than the replica's. */
    FENCE_IS_NEWER("OvertakenReplicaTest"),
    /** Store: a change under another version than the fence. */
    FENCE_IS_ANOTHER("OvertakenReplicaTest"),
    /** Store: a mutation of a replica that is not established. */
    REPLICA_NOT_ESTABLISHED("OvertakenReplicaTest"),
    /** Store: the replica was deleted under its user. */
    REPLICA_DELETED_MEANWHILE,
    /** Store: the replica was deleted under a sync. */
    DELETED_WHILE_SYNCED("OvertakenReplicaTest"),
    /** Store: the file of a deleted replica became that of a new one. */
    BLANK_USED,
    /** Store: the data file of a replica was being read when it was deleted. */
    DELETED_WHILE_READ("BlanksTest"),
    /** Store: the journal has grown beyond its limit before a sync came. */
    JOURNAL_TOO_LONG,
    /** Store: a failed write was taken back. */
    JOURNAL_MENDED,
    /** Store: it could not be taken back. */
    JOURNAL_NOT_MENDED,
    /** Store: the sync of an overwrite's journal record failed. */
    OVERWRITE_TAKEN_BACK,
    /** Store: a sync failed, or the files and what is believed of them may differ. */
    REPLICA_BROKEN,
    /** Store: a change of a replica to which that happened. */
    REPLICA_OUT_OF_USE,
    /** Store, reads: bytes do not match their sum, or crossed a change. */
    BLOCK_DOUBTFUL,
    /** Store, reads: they are damaged, or cannot be read. */
    BLOCK_DAMAGED,
    /** Store, reads: there is no data file. */
    DATA_FILE_GONE,
    /** Store, scrubbing: somebody had removed files that were open still. */
    REMOVED_FILES_RESTORED("RemovedFilesTest"),
    /** Store, start: the host lost its power or was started anew. */
    BOOT_CHANGED,
    /** Store, start: a replica was being created. */
    CREATION_UNFINISHED,
    /** Store, start: a replica was being deleted. */
    DELETION_UNFINISHED("OvertakenReplicaTest"),
    /** Store, start: a replica was being copied here. */
    IMPORT_UNFINISHED,
    /** Store, start: a journal was being compacted. */
    COMPACTION_UNFINISHED,
    /** Store, start: a replica's journal is damaged, or bytes of it are missing. */
    REPLICA_DAMAGED,
    /** Store, start: a replica cannot be read. */
    REPLICA_UNREADABLE,
    /** Store: a block was not what its checksum says, and was when it was read again. */
    BLOCK_MISREAD,
    /** Store, start: a record of a journal was unreadable, and was well when it was read again. */
    JOURNAL_MISREAD,
    /** Store, start: a replica was put aside by half. */
    PUTTING_ASIDE_UNFINISHED("ChunkStoreTest"),
    /** Store, start: files of a replica that was put aside. */
    REPLICA_PUT_ASIDE_BEFORE,
    /** Store, start: the end of a journal is no record. */
    JOURNAL_TAIL_TORN,
    /** Store, start: records stand behind what is none. */
    JOURNAL_HAS_HOLES,
    /** Store, start: an overwrite may not have reached the data. */
    OVERWRITE_REDONE,
    /** Store, start: bytes that the journal speaks of are not there. */
    DATA_NOT_PROVEN,
    /** Store, start: bytes are there of which the journal does not speak. */
    DATA_BEYOND_JOURNAL,
    /** Store, start: there is no data file. */
    DATA_FILE_MISSING,
    /** Store, start: the last records of an open replica may have been lost with the power. */
    REPLICA_MAY_LACK_ITS_END;

    private final String provenBy;

    Probe() {
        this("");
    }

    /** @param provenBy the test that has it met, for what the simulator cannot reach by its nature */
    Probe(String provenBy) {
        this.provenBy = provenBy;
    }

    /** The simple name of the test that has it met, when no seed of the simulator can. */
    public Optional<String> provenBy() {
        return provenBy.isEmpty() ? Optional.empty() : Optional.of(provenBy);
    }
}
