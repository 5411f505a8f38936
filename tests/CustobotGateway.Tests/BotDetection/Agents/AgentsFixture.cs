using System.Text.Json;
using CustobotGateway.BotDetection.Agents;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity.TrustedAgents;
using CustobotGateway.MessageSignatures.Components;
using CustobotGateway.MessageSignatures.Keys;
using CustobotGateway.MessageSignatures.Messages;
using CustobotGateway.MessageSignatures.Signing;
using CustobotGateway.MessageSignatures.WebBotAuth;
using CustobotGateway.Tests.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.BotDetection.Agents;

/// <summary>A gateway that trusts one agent, and a route that says how the caller's signature was read.</summary>
public class AgentsFixture : GatewayFixture, IAsyncLifetime
{
    public const string Agent = "https://agent.example";
    public const string Shop = "shop.example";

    public ShiftedClock Clock { get; } = new();

    /// <summary>The agent's key.</summary>
    public SigningKey Key { get; } = SigningKey.Create();

    public AgentSignatures Signatures => App.Services.GetRequiredService<AgentSignatures>();

    public DateTimeOffset Now => Clock.GetUtcNow();

    Task IAsyncLifetime.InitializeAsync() => StartTrustingAsync();

    protected async Task StartTrustingAsync()
    {
        await InitializeAsync();
        await TrustAsync(Agent, Shop, KeyDirectory.Write([Key.Public]));
    }

    protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton<TimeProvider>(Clock);

    protected override void MapTestRoutes(IEndpointRouteBuilder routes) => routes.MapGet("/test/signature", async (HttpContext context, AgentSignatures signatures) =>
    {
        var verdict = await signatures.JudgeAsync(context);
        return Results.Json(new { verdict.Reason, verdict.Agent, verdict.Protocol, verdict.KeyId });
    }).AllowPublic();

    public async Task<TrustedAgent> TrustAsync(string agent, string authority, byte[] keys, string? directory = null)
    {
        var store = App.Services.GetRequiredService<TrustedAgentStore>();
        await using var connection = await OpenDatabaseAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (saved, _) = await store.SaveAsync(transaction, agent, authority, JsonElement.Parse(keys), directory, "test", CancellationToken.None);
        await transaction.CommitAsync();
        await store.WhenChangedAsync(CancellationToken.None);
        return saved;
    }

    /// <summary>The two fields of a signature over a host, and over whatever else is asked.</summary>
    public (string Name, string Value)[] Sign(
        string authority, SigningKey? key = null, string target = "/test/signature", Func<SigningParameters, SigningParameters>? change = null, params IReadOnlyList<(string Name, string Value)> headers)
    {
        var parameters = new SigningParameters
        {
            Components = [Component.Of("@authority"), Component.Of("@path"), .. headers.Any(header => header.Name == "Signature-Agent") ? new[] { Component.Of("signature-agent") } : []],
            Created = Now,
            Expires = Now.AddMinutes(1),
            Nonce = Guid.NewGuid().ToString("n"),
            Tag = "web-bot-auth",
        };
        Assert.True(MessageSigning.TrySign(
            HttpMessage.Request("GET", "http", authority, target, new MessageFields(headers)), key ?? Key, change?.Invoke(parameters) ?? parameters, out var signed));
        return [.. headers, ("Signature-Input", signed.Input), ("Signature", signed.Signature)];
    }

    /// <summary>The reason that the gateway gives for the caller's signature.</summary>
    public async Task<string> ReasonAsync(IEnumerable<(string Name, string Value)> headers, string? host = null, HttpClient? client = null) =>
        (await AskAsync(headers, host, client)).GetProperty("reason").GetString()!;

    public async Task<JsonElement> AskAsync(IEnumerable<(string Name, string Value)> headers, string? host = null, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/test/signature");
        request.Headers.Host = host;
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using var answer = await (client ?? Client).SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode);
        return await ReadJsonAsync(answer);
    }

    /// <summary>Where the gateway listens, as a signature has it.</summary>
    public string Authority => new Uri(BaseUrl).Authority;
}
