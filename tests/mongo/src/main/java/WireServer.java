import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.io.IOException;
import java.util.List;

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

    private WireServer() {}

    public static void main(String[] arguments) throws IOException {
        H2Backend backend =
                arguments.length > 1 ? new H2Backend(arguments[1]) : H2Backend.inMemory();
        backend.version(VERSION);
        MongoServer server = new MongoServer(backend);
        server.bind("127.0.0.1", Integer.parseInt(arguments[0]));
        // Closing the store writes what is still in memory.
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
        System.out.println(server.getLocalAddress().getPort());
        // The input ends when whoever started this dies, however it dies.
        while (System.in.read() >= 0) {
            continue;
        }
        System.exit(0);
    }
}
