import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.io.IOException;
import java.util.List;
import org.h2.mvstore.MVStore;

/**
 * Serves MongoDB's wire protocol on 127.0.0.1 until its input ends: WireServer PORT [FILE].
 *
 * <p>Prints the port it got; port 0 asks for a free one. Without a file it keeps all in memory.
 */
public final class WireServer {

    /** What pymongo asks for at least; the server knows the commands but says that it is older. */
    private static final MongoVersion VERSION = new MongoVersion() {
        @Override
        public List<Integer> getVersionArray() {
            return List.of(4, 4, 0);
        }

        @Override
        public int getWireVersion() {
            return 9;
        }
    };

    private static final class OneAtATime extends H2Backend {
        OneAtATime(String file) {
            // The store's own thread would write documents while they are being changed.
            super(new MVStore.Builder().fileName(file).autoCommitDisabled().open());
        }

        /**
         * Answers with a copy, and keeps what was written before it answers.
         *
         * <p>The library changes documents in place and sends them without a lock: a reader saw a
         * new version beside old fields, which no mongod shows, and a swap was lost.
         */
        @Override
        public synchronized Document handleMessage(MongoMessage message) {
            Document reply = super.handleMessage(message).cloneDeeply();
            commit();
            return reply;
        }
    }

    private WireServer() {}

    public static void main(String[] arguments) throws IOException {
        H2Backend backend = new OneAtATime(arguments.length > 1 ? arguments[1] : null);
        backend.version(VERSION);
        MongoServer server = new MongoServer(backend);
        server.bind("127.0.0.1", Integer.parseInt(arguments[0]));
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
        System.out.println(server.getLocalAddress().getPort());
        // The input ends when whoever started this dies, however it dies.
        while (System.in.read() >= 0) {
            continue;
        }
        System.exit(0);
    }
}
