using System.Buffers;
using CustobotGateway.AttributeIndex;
using CustobotGateway.Search;

namespace CustobotGateway.GraphQLDoor;

/// <summary>What a request's answer is gathered in; used again for the next one.</summary>
internal sealed class DoorScratch
{
    private const int InitialBytes = 16 * 1024;
    private const int KeptBytes = 1 << 20;

    public ArrayBufferWriter<byte> Response { get; } = new(InitialBytes);

    public DoorValues Values { get; } = new(new SearchOutput());

    public SearchResult Result { get; } = new();

    /// <summary>Makes it ready for the next request; false where it has grown too large to be kept.</summary>
    public bool TryClear()
    {
        Response.ResetWrittenCount();
        Values.Output.Clear();
        return Response.Capacity <= KeptBytes;
    }
}
