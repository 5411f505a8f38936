using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.BotDetection;

/// <summary>Conversations are judged by style, with reasons, and not below three messages of the customer.</summary>
public sealed class ScoreChatsTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task A_conversation_is_scored_with_reasons_once_the_customer_has_said_enough()
    {
        using var answer = await ScoreAsync("""
            {"more":1,"conversations":[
              {"id":"short","messages":[{"role":"customer","text":"hi"},{"role":"staff","text":"Hello"},{"role":"staff","text":"Anything else?"},{"role":"customer","text":"no"}]},
              {"id":"long","channel":"chat","messages":[
                {"role":"customer","text":"I would like to reserve a room for three nights, arriving on Friday, and I would appreciate your assistance.","at":"2026-01-01T00:00:00Z"},
                {"role":"staff","text":"For when?","at":"2026-01-01T00:00:10Z"},
                {"role":"customer","text":"Thank you, that is helpful information regarding the available accommodation options.","at":"2026-01-01T00:00:11Z"},
                {"role":"customer","text":"Please proceed with the reservation, and kindly send the confirmation number.","at":"2026-01-01T00:00:30Z"}]}]}
            """);

        var results = (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("results");
        Assert.Equal("not_enough_text", results[0].GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, results[0].GetProperty("score").ValueKind);
        Assert.Empty(results[0].GetProperty("reasons").EnumerateArray());
        Assert.Equal("scored", results[1].GetProperty("status").GetString());
        Assert.InRange(results[1].GetProperty("score").GetInt32(), 51, 100);
        Assert.NotEmpty(results[1].GetProperty("reasons").EnumerateArray());
    }

    [Theory]
    [InlineData("""{"conversations":[]}""", "/conversations")]
    [InlineData("""{"conversations":[{"id":"a","messages":[]},{"id":"a","messages":[]}]}""", "/conversations/1/id")]
    [InlineData("""{"conversations":[{"id":"a","messages":[{"role":"","text":""}]}]}""", "/conversations/0/messages/0/role")]
    [InlineData("""{"conversations":[{"id":"a","messages":[{"role":"customer","text":"","at":"yesterday"}]}]}""", "/conversations/0/messages/0/at")]
    [InlineData("""{"conversations":[{"id":"a","messages":[{"role":"customer","text":"","at":1e300}]}]}""", "/conversations/0/messages/0/at")]
    [InlineData("""{"conversations":[{"id":"a","messages":[],"channel":"fax"}]}""", "/conversations/0/channel")]
    public async Task What_is_wrong_with_a_batch_is_said_by_pointer(string body, string pointer)
    {
        using var answer = await ScoreAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(pointer, (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        byte[] body = [.. """{"conversations":[{"id":"a","messages":[{"role":"customer","text":" """u8, 0xC3, 0x28, .. "\"}]}]}"u8];
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var answer = await gateway.Admin.PostAsync("/v1/bot-detection/chat", content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("malformed_body", (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("code").GetString());
    }

    private async Task<HttpResponseMessage> ScoreAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await gateway.Admin.PostAsync("/v1/bot-detection/chat", content);
    }
}
