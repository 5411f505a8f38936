using System.Text;
using CustobotGateway.BotDetection.Agents;
using CustobotGateway.Common.Http;
using CustobotGateway.MessageSignatures;
using CustobotGateway.MessageSignatures.Keys;
using CustobotGateway.MessageSignatures.Messages;
using CustobotGateway.MessageSignatures.Verification;
using CustobotGateway.MessageSignatures.WebBotAuth;
using CustobotGateway.Tests.Common;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.BotDetection.Agents;

/// <summary>What the gateway signs can be verified by its directory, and by nothing else.</summary>
public sealed class OwnSignatureTests(OwnSignatureTests.Gateway gateway) : IClassFixture<OwnSignatureTests.Gateway>
{
    private const string AskedFor = "sig1=(\"@status\" \"content-type\" \"content-digest\" \"@authority\";req \"@path\";req);nonce=\"asked\";tag=\"answer\"";

    // Every answer and directory, whatever its tag.
    private static readonly SignatureVerifier Verifier = new(new SignatureProfile { Name = "any", Tags = ["answer", KeyDirectory.Tag, "web-bot-auth"] });

    public sealed class Gateway : AgentsFixture
    {
        protected override void MapTestRoutes(IEndpointRouteBuilder routes)
        {
            base.MapTestRoutes(routes);
            routes.MapGet("/test/long", () => Results.Text(new string('a', 3_000_000))).AllowPublic();
            routes.MapGet("/test/events", async (HttpContext context) =>
            {
                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync("data: 1\n\n");
                await context.Response.Body.FlushAsync();
                await context.Response.WriteAsync("data: 2\n\n");
            }).AllowPublic();
            routes.MapGet("/test/fails", async (HttpContext context) =>
            {
                await context.Response.WriteAsync("half of");
                throw new InvalidOperationException("on purpose");
            }).AllowPublic();
        }
    }

    [Fact]
    public async Task Directory_publishes_the_key_and_is_signed_by_it()
    {
        using var answer = await gateway.Client.GetAsync(KeyDirectory.Path);
        var body = await answer.Content.ReadAsByteArrayAsync();

        Assert.Equal(KeyDirectory.MediaType, answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("public, max-age=3600", answer.Headers.CacheControl?.ToString().Replace("max-age=3600, public", "public, max-age=3600", StringComparison.Ordinal));
        Assert.True(KeyDirectory.TryRead(body, out var keys, out _));
        Assert.All(keys, key => Assert.Equal("ed25519", key.Algorithm.Name));
        Assert.DoesNotContain("\"d\"", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
        Assert.Equal(SignatureFault.None, await FaultAsync(answer, KeyDirectory.Path, keys));
        Assert.Equal(SignatureFault.BadSignature, await FaultAsync(answer, KeyDirectory.Path, keys, "mirror.example"));
    }

    [Fact]
    public async Task Directory_is_not_signed_for_another_host()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, KeyDirectory.Path) { Headers = { Host = "mirror.example" } };
        using var answer = await gateway.Client.SendAsync(request);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.False(answer.Headers.Contains("Signature"));
    }

    [Fact]
    public async Task Answer_is_signed_for_whoever_asks()
    {
        using var answer = await AskAsync("/v1/bot-detection/signature", AskedFor);
        var body = await answer.Content.ReadAsByteArrayAsync();

        Assert.Equal(SignatureFault.None, await FaultAsync(answer, "/v1/bot-detection/signature", await KeysAsync()));
        Assert.Contains("nonce=\"asked\"", answer.Headers.GetValues("Signature-Input").Single(), StringComparison.Ordinal);
        Assert.True(ContentDigest.IsOf(answer.Headers.GetValues("Content-Digest").Single(), body));
        Assert.Contains("Accept-Signature", answer.Headers.Vary);
        Assert.Equal(SignatureFault.BadSignature, await FaultAsync(answer, "/another/path", await KeysAsync()));
    }

    [Fact]
    public async Task Digest_is_of_what_is_sent_compressed_or_not()
    {
        using var answer = await AskAsync("/openapi/gateway.json", AskedFor, ("Accept-Encoding", "gzip"));
        var body = await answer.Content.ReadAsByteArrayAsync();

        Assert.Contains("gzip", answer.Content.Headers.ContentEncoding);
        Assert.True(ContentDigest.IsOf(answer.Headers.GetValues("Content-Digest").Single(), body));
        Assert.Equal(SignatureFault.None, await FaultAsync(answer, "/openapi/gateway.json", await KeysAsync()));
    }

    [Fact]
    public async Task Refusal_is_signed_as_well()
    {
        using var answer = await AskAsync("/v1/nowhere", AskedFor);

        Assert.Equal(404, (int)answer.StatusCode);
        Assert.Equal(SignatureFault.None, await FaultAsync(answer, "/v1/nowhere", await KeysAsync()));
    }

    [Fact]
    public async Task Failure_in_the_middle_of_a_body_is_answered_whole()
    {
        using var answer = await AskAsync("/test/fails", AskedFor);

        Assert.Equal("internal_error", (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("code").GetString());
        Assert.Equal(SignatureFault.None, await FaultAsync(answer, "/test/fails", await KeysAsync()));
    }

    [Fact]
    public async Task Answer_is_not_signed_for_whoever_does_not_ask()
    {
        using var answer = await gateway.Client.GetAsync("/v1/bot-detection/signature");

        Assert.False(answer.Headers.Contains("Signature"));
        Assert.False(answer.Headers.Contains("Content-Digest"));
    }

    [Theory]
    [InlineData("sig1=(\"@status\");keyid=\"another\"")]
    [InlineData("sig1=(\"@status\");alg=\"rsa-pss-sha512\"")]
    [InlineData("sig1=(\"@status\");tag=\"web-bot-auth\"")]
    [InlineData("sig1=(\"x-absent\")")]
    [InlineData("sig1=(\"@nonsense\")")]
    [InlineData("not, a; field!")]
    public async Task What_cannot_or_must_not_be_signed_is_answered_without(string asked)
    {
        using var answer = await AskAsync("/v1/bot-detection/signature", asked);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.False(answer.Headers.Contains("Signature"));
    }

    [Fact]
    public async Task Usual_components_are_covered_where_the_caller_names_none()
    {
        using var answer = await AskAsync("/v1/bot-detection/signature", "sig1=();tag=\"answer\"");

        Assert.Contains("\"content-digest\"", answer.Headers.GetValues("Signature-Input").Single(), StringComparison.Ordinal);
        Assert.Equal(SignatureFault.None, await FaultAsync(answer, "/v1/bot-detection/signature", await KeysAsync()));
    }

    [Fact]
    public async Task Every_answer_is_signed_where_that_is_set()
    {
        var services = gateway.App.Services;
        var context = new DefaultHttpContext { Request = { Method = "GET", Scheme = "http", Host = new HostString(gateway.Authority), Path = "/any" }, Response = { Body = new MemoryStream() } };
        var signing = new ResponseSigning(async one => await one.Response.WriteAsync("answer"), services.GetRequiredService<MessageSigner>(), services.GetRequiredService<MessageKeyRing>(),
            services.GetRequiredService<OwnAuthorities>(), new AgentOptions { SignAnswers = true });

        await signing.InvokeAsync(context);

        Assert.Contains("\"content-digest\"", context.Response.Headers["Signature-Input"].ToString(), StringComparison.Ordinal);
        Assert.Equal(ContentDigest.Of("answer"u8), context.Response.Headers["Content-Digest"]);
    }

    [Theory]
    [InlineData("/test/long", 3_000_000)]
    [InlineData("/test/events", 18)]
    public async Task Long_answers_and_streams_go_on_as_they_come(string path, int length)
    {
        using var withDigest = await AskAsync(path, AskedFor);
        Assert.Equal(length, (await withDigest.Content.ReadAsByteArrayAsync()).Length);
        Assert.False(withDigest.Headers.Contains("Signature"));

        using var headAlone = await AskAsync(path, "sig1=(\"@status\" \"@authority\";req);tag=\"answer\"");
        Assert.Equal(length, (await headAlone.Content.ReadAsByteArrayAsync()).Length);
        Assert.Equal(SignatureFault.None, await FaultAsync(headAlone, path, await KeysAsync()));
    }

    [Fact]
    public async Task Webhook_is_signed_and_verifies_by_the_directory()
    {
        var signer = gateway.App.Services.GetRequiredService<MessageSigner>();
        var content = "{\"type\":\"order.completed\"}"u8.ToArray();
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://hooks.example/in?x=1") { Content = new ByteArrayContent(content) { Headers = { ContentType = new("application/json") } } };

        Assert.True(signer.Sign(request, content));

        var message = HttpMessage.Request("POST", "https", "hooks.example", "/in?x=1", new MessageFields(
            [.. request.Headers.Concat(request.Content.Headers).SelectMany(header => header.Value.Select(value => (header.Key, value)))]));
        Assert.Equal(SignatureFault.None, (await new SignatureVerifier(SignatureProfile.WebBotAuth).JudgeAsync(
            message, gateway.Now, new Keys(await KeysAsync()), new MemoryNonces(), CancellationToken.None)).Fault);
        Assert.True(ContentDigest.IsOf(request.Headers.GetValues("Content-Digest").Single(), content));
        Assert.Equal($"sig1=\"{gateway.BaseUrl}\"", request.Headers.GetValues("Signature-Agent").Single());
    }

    [Fact]
    public async Task Rotated_key_signs_and_the_old_one_stays_in_the_directory_for_a_day()
    {
        var before = (await KeysAsync()).Select(key => key.Thumbprint).ToList();

        using var rotated = await gateway.Admin.PostAsync("/v1/bot-detection/message-keys", null);
        var made = (await GatewayFixture.ReadJsonAsync(rotated)).GetProperty("key_id").GetString();

        Assert.DoesNotContain(made, before);
        Assert.Equal([.. before, made], (await KeysAsync()).Select(key => key.Thumbprint));
        using var answer = await AskAsync("/v1/bot-detection/signature", AskedFor);
        Assert.Contains($"keyid=\"{made}\"", answer.Headers.GetValues("Signature-Input").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_lie_sealed_in_the_database_and_are_the_same_after_a_restart()
    {
        var before = (await KeysAsync()).Select(key => key.Thumbprint).ToList();
        await using (var connection = await gateway.OpenDatabaseAsync())
        {
            var sealedKeys = (await connection.QueryAsync<byte[]>("select sealed from botdetection.message_keys")).ToList();
            Assert.NotEmpty(sealedKeys);
            Assert.All(sealedKeys, bytes => Assert.True(bytes.Length > 33));
        }

        await gateway.StopAsync();
        await gateway.StartAsync();

        Assert.Equal(before, (await KeysAsync()).Select(key => key.Thumbprint));
    }

    private async Task<HttpResponseMessage> AskAsync(string path, string asked, params IReadOnlyList<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept-Signature", asked);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        return await gateway.Client.SendAsync(request);
    }

    private async Task<IReadOnlyList<VerifyingKey>> KeysAsync() =>
        KeyDirectory.TryRead(await gateway.Client.GetByteArrayAsync(KeyDirectory.Path), out var keys, out var fault) ? keys : throw new InvalidDataException(fault);

    private async Task<SignatureFault> FaultAsync(HttpResponseMessage answer, string path, IReadOnlyList<VerifyingKey> keys, string? authority = null)
    {
        var request = HttpMessage.Request("GET", "http", authority ?? gateway.Authority, path, MessageFields.None);
        var fields = new MessageFields([.. answer.Headers.Concat(answer.Content.Headers).SelectMany(header => header.Value.Select(value => (header.Key, value)))]);
        return (await Verifier.JudgeAsync(HttpMessage.Response((int)answer.StatusCode, fields, request), gateway.Now, new Keys(keys), new MemoryNonces(), CancellationToken.None)).Fault;
    }

    private sealed class Keys(IReadOnlyList<VerifyingKey> keys) : IKeySource
    {
        public ValueTask<KnownKey?> FindAsync(SignatureCandidate candidate, CancellationToken cancellationToken) =>
            new(keys.FirstOrDefault(key => key.Thumbprint == candidate.KeyId) is { } key ? new KnownKey(key, "gateway") : null);
    }
}
