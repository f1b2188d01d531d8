package cairn.server.chunk;

import cairn.model.ErrorCode;
import cairn.rpc.Call;
import cairn.rpc.Payload;
import cairn.wire.proto.MutateRequest;

/** A client's mutation that has reached the primary. The payload belongs to it until it is answered or applied. */
record Arrival(Call call, MutateRequest request, Payload payload) {

    int bytes() {
        return payload.length();
    }

    void refuse(ErrorCode code, String reason) {
        refuse(code, reason, 0);
    }

    void refuse(ErrorCode code, String reason, long detail) {
        payload.release();
        call.fail(code, reason, detail);
    }
}
