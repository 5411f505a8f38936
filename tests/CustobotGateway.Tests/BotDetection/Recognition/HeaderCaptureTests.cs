using System.Buffers;
using System.Text;
using CustobotGateway.BotDetection.Capture;
using CustobotGateway.BotDetection.Recognition;

namespace CustobotGateway.Tests.BotDetection.Recognition;

/// <summary>Header sections are kept as they were sent, however the bytes come in.</summary>
public sealed class HeaderCaptureTests
{
    private const string First = "GET /a HTTP/1.1\r\nHost: shop.example\r\nX-Zed:  1 \r\naccept-LANGUAGE: de\r\n\r\n";
    private const string Second = "POST /b HTTP/1.1\r\nhost: shop.example\r\nContent-Length: 10\r\n\r\n";
    private const string Chunked = "POST /c HTTP/1.1\r\nHost: shop.example\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const string Chunks = "5;name=\"x\"\r\nhello\r\nA\r\n0123\r\n\r\n89\r\n0\r\nTrailer: x\r\n\r\n";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(4096)]
    public void Sections_are_found_between_bodies_of_every_framing(int step)
    {
        // The second body looks like a request.
        string[] parts = [First, Second, "GET / \r\n\r\n", Chunked, Chunks, "\r\n" + First];
        var capture = new HeaderCapture();
        var seen = new List<string>();

        // The server consumes a section up to its end before it serves the request.
        foreach (var part in parts)
        {
            var bytes = Encoding.ASCII.GetBytes(part);
            for (var i = 0; i < bytes.Length; i += step)
            {
                capture.Feed(new ReadOnlySequence<byte>(bytes, i, Math.Min(step, bytes.Length - i)));
            }
            seen.Add(Encoding.ASCII.GetString(capture.Section));
        }

        Assert.Equal([First, Second, Second, Chunked, Chunked, First], seen);
    }

    [Fact]
    public void Names_keep_their_order_and_case_and_values_lose_the_spaces_around_them()
    {
        var headers = new RequestHeaders().Read(Encoding.ASCII.GetBytes(First));

        Assert.True(headers.OrderIsKnown);
        Assert.Equal([new("Host", "shop.example"), new("X-Zed", "1"), new("accept-LANGUAGE", "de")], headers.Pairs.ToArray());
    }

    [Fact]
    public void A_connection_s_next_request_is_read_anew_and_shares_the_lines_that_are_the_same()
    {
        var reader = new RequestHeaders();
        var before = reader.Read("GET / HTTP/1.1\r\nHost: a\r\nAccept: */*\r\nX: 1\r\n\r\n"u8);

        var after = reader.Read("GET /other HTTP/1.1\r\nHost: a\r\nX: 2\r\n\r\n"u8);

        Assert.Equal([new("Host", "a"), new("X", "2")], after.Pairs.ToArray());
        Assert.Same(before.Pairs[0].Value, after.Pairs[0].Value);
        Assert.Equal([new("Host", "a"), new("Accept", "*/*"), new("X", "1")], before.Pairs.ToArray());
    }

    [Fact]
    public void Headers_that_a_connection_repeats_are_read_once()
    {
        var reader = new RequestHeaders();
        var first = reader.Read("GET / HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n"u8);

        Assert.Same(first, reader.Read("GET /a-longer/path?x=1 HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n"u8));
        Assert.NotSame(first, reader.Read("GET / HTTP/1.1\r\nHost: a\r\nAccept: *\r\n\r\n"u8));
    }

    [Theory]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nContent-Length: 1x\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nUpgrade: anything\r\n\r\n")]
    public void Where_the_next_request_begins_in_doubt_nothing_more_is_kept(string start)
    {
        var capture = new HeaderCapture();

        capture.Feed(new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(start)));
        capture.Feed(new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(First)));

        Assert.True(capture.Section.IsEmpty);
    }

    [Fact]
    public void A_section_over_the_limit_is_not_kept()
    {
        var capture = new HeaderCapture();

        capture.Feed(new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nX: " + new string('x', HeaderCapture.MostBytes) + "\r\n\r\n")));

        Assert.True(capture.Section.IsEmpty);
    }

    [Fact]
    public void Any_bytes_in_any_pieces_are_taken_without_failing()
    {
        const string Letters = " \r\n:aPOST0f1;HTTP";
        var random = new Random(7);
        for (var run = 0; run < 2_000; run++)
        {
            var capture = new HeaderCapture();
            for (var piece = 0; piece < 20; piece++)
            {
                var bytes = new byte[random.Next(0, 40)];
                for (var i = 0; i < bytes.Length; i++)
                {
                    bytes[i] = (byte)Letters[random.Next(Letters.Length)];
                }
                capture.Feed(new ReadOnlySequence<byte>(bytes));
                Assert.True(new RequestHeaders().Read(capture.Section).Pairs.Length <= RequestHeaders.MostLines);
            }
        }
    }
}
