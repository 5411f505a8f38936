using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace CustobotGateway.Tests.Checkout.Faults;

/// <summary>What a gateway answered, as it came.</summary>
internal sealed record Answer(HttpStatusCode Status, string Text)
{
    /// <summary>The body.</summary>
    public JsonElement Body => JsonElement.Parse(Text);

    /// <summary>The refusal's code; null where it is none.</summary>
    public string? Code => (int)Status >= 400 ? Body.GetProperty("code").GetString() : null;
}

/// <summary>A write that a caller may repeat: who asks, what, under which key.</summary>
internal sealed record Write(string Token, string Path, string Body, string Key);

/// <summary>Two gateways in processes of their own on one database, either of which may be killed and started again.</summary>
internal sealed class TwoGateways(string connectionString, IReadOnlyDictionary<string, string> settings) : IAsyncDisposable
{
    private const int MostTries = 200;

    private readonly GatewayProcess[] _gateways = new GatewayProcess[2];
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };
    private int _lost;

    /// <summary>How many requests were not answered, since a gateway died under them or was not there.</summary>
    public int Lost => _lost;

    /// <summary>Starts both.</summary>
    public async Task StartAsync() => await Task.WhenAll(StartAsync(0), StartAsync(1));

    /// <summary>Kills one as <c>kill -9</c> does, and starts it again.</summary>
    public async Task KillAndStartAgainAsync(int which)
    {
        await _gateways[which].DisposeAsync();
        await StartAsync(which);
    }

    /// <summary>Sends until there is an answer: a line that breaks tells nothing, so the same request goes to the other gateway under the same key.</summary>
    public async Task<Answer> SendAsync(int which, Write write)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_gateways[(which + tries) % 2].Url + write.Path))
                {
                    Content = new StringContent(write.Body, Encoding.UTF8, "application/json"),
                    Headers = { { "Idempotency-Key", write.Key } },
                };
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", write.Token);
                using var answer = await _client.SendAsync(request);
                return new Answer(answer.StatusCode, await answer.Content.ReadAsStringAsync());
            }
            catch (HttpRequestException) when (tries < MostTries)
            {
                Interlocked.Increment(ref _lost);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        foreach (var gateway in _gateways.OfType<GatewayProcess>())
        {
            await gateway.DisposeAsync();
        }
    }

    private async Task StartAsync(int which) => _gateways[which] = await GatewayProcess.StartAsync(connectionString, settings: settings);
}
