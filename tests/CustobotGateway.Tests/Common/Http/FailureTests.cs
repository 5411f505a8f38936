using System.Net;
using System.Text;
using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using FluentValidation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CustobotGateway.Tests.Common.Http;

/// <summary>Whatever fails leaves as a problem with a code and wire names.</summary>
public sealed class FailureTests(FailureTests.Gateway gateway) : IClassFixture<FailureTests.Gateway>
{
    public sealed record Line(string Name, int UnitCount);

    public sealed record Order(string BuyerName, IReadOnlyList<Line> OrderLines);

    public sealed class OrderValidator : AbstractValidator<Order>
    {
        public OrderValidator()
        {
            RuleFor(order => order.BuyerName).NotEmpty();
            RuleForEach(order => order.OrderLines).ChildRules(line => line.RuleFor(one => one.UnitCount).GreaterThan(0).WithErrorCode("too_few"));
        }
    }

    public sealed class Gateway : GatewayFixture
    {
        protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton<IValidator<Order>, OrderValidator>();

        protected override void MapTestRoutes(IEndpointRouteBuilder routes)
        {
            var test = routes.MapGroup("/test").AllowPublic();
            test.MapPost("/orders", (Order order) => order.BuyerName).Validate<Order>();
            test.MapPost("/small", (Order order) => order.BuyerName).LimitBody(100);
            test.MapPost("/stream", async (HttpRequest request, CancellationToken cancellationToken) =>
            {
                await request.Body.CopyToAsync(Stream.Null, cancellationToken);
                return "read";
            }).UnlimitedBody();
            test.MapGet("/numbers", (int pageSize) => pageSize);
            test.MapGet("/bug", string () => throw new InvalidOperationException("secret of the house"));
            test.MapGet("/outage", string () => throw new NpgsqlException("secret host", new IOException("secret")));
            test.MapGet("/nul", async (NpgsqlDataSource database) =>
            {
                await using var command = database.CreateCommand("select $1::jsonb");
                command.Parameters.Add(new() { Value = "\"\\u0000\"", NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
                await command.ExecuteScalarAsync();
            });
            routes.MapPost("/test/secret", (Order order) => order.BuyerName).RequireAdministrator();
            routes.MapGet("/test/agent", (AgentPrincipal agent) => new { agent.IsAdministrator }).AllowPublic();
        }
    }

    private const string GoodOrder = """{"buyer_name":"Ada","order_lines":[{"name":"pen","unit_count":2}]}""";

    [Theory]
    [InlineData(GoodOrder, 200, null, null, null)]
    [InlineData("""{"buyer_name":"Ada","order_lines":[{"name":"pen","unit_count":"2"}]}""", 400, "invalid_request", "/order_lines/0/unit_count", "wrong_type")]
    [InlineData("""{"buyer_name":"Ada","order_lines":[{"name":"pen","unit_count":2,"size":1}]}""", 400, "invalid_request", "/order_lines/0/size", "unknown_member")]
    [InlineData("""{"buyer_name":"Ada","order_lines":[{"name":"pen"}]}""", 400, "invalid_request", "/order_lines/0/unit_count", "required")]
    [InlineData("""{"buyer_name":"Ada","buyer_name":"Bob","order_lines":[]}""", 400, "malformed_body", "/buyer_name", "duplicate_member")]
    [InlineData("""{"buyer_name":"A\u0000da","order_lines":[]}""", 400, "invalid_request", "/buyer_name", "nul_character")]
    [InlineData("""{"buyer_name":null,"order_lines":[]}""", 400, "invalid_request", "/buyer_name", "wrong_type")]
    [InlineData("""{"buyer_name":"Ada",""", 400, "malformed_body", "", "malformed")]
    [InlineData("""{"buyer_name":"Ada","order_lines":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]""", 400, "invalid_request", "/order_lines/0", "wrong_type")]
    [InlineData("null", 400, "invalid_request", "", "required")]
    [InlineData("", 400, "invalid_request", "", "required")]
    [InlineData("""{"buyer_name":"","order_lines":[]}""", 400, "invalid_request", "/buyer_name", "required")]
    public async Task Body_that_cannot_be_bound_is_refused_in_wire_names(string body, int status, string? code, string? pointer, string? error)
    {
        using var answer = await PostAsync("/test/orders", body);

        Assert.Equal(status, (int)answer.StatusCode);
        if (code is not null)
        {
            var problem = await ProblemOf(answer, code);
            var field = problem.GetProperty("errors")[0];
            Assert.Equal(pointer, field.GetProperty("pointer").GetString());
            Assert.Equal(error, field.GetProperty("code").GetString());
            Assert.DoesNotContain("System", problem.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Invalid_utf8_and_raw_nul_are_malformed()
    {
        foreach (var wrong in new byte[] { 0xFF, 0x00 })
        {
            var bytes = Encoding.UTF8.GetBytes(GoodOrder);
            bytes[16] = wrong;
            using var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new("application/json");

            using var answer = await gateway.Client.PostAsync("/test/orders", content);

            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            await ProblemOf(answer, "malformed_body");
        }
    }

    [Fact]
    public async Task Nul_that_reaches_the_database_is_the_callers()
    {
        using var answer = await gateway.Client.GetAsync("/test/nul");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        await ProblemOf(answer, "malformed_body");
    }

    [Fact]
    public async Task Query_parameters_are_named()
    {
        using var wrong = await gateway.Client.GetAsync("/test/numbers?pageSize=many");
        using var missing = await gateway.Client.GetAsync("/test/numbers");

        Assert.Equal("?page_size", (await ProblemOf(wrong, "invalid_request")).GetProperty("errors")[0].GetProperty("pointer").GetString());
        Assert.Equal("required", (await ProblemOf(missing, "invalid_request")).GetProperty("errors")[0].GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("GET", "/nowhere", 404, "not_found")]
    [InlineData("DELETE", "/test/orders", 405, "method_not_allowed")]
    [InlineData("GET", "/test/bug", 500, "internal_error")]
    [InlineData("GET", "/test/outage", 503, "database_unavailable")]
    public async Task Framework_failures_are_problems_and_leak_nothing(string method, string path, int status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Accept", "text/html");

        using var answer = await gateway.Client.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        var problem = await ProblemOf(answer, code);
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
        Assert.Equal(status == 503, answer.Headers.RetryAfter is not null);
        Assert.Equal(status >= 500, problem.TryGetProperty("trace_id", out _));
    }

    [Fact]
    public async Task Content_type_other_than_json_is_415()
    {
        using var content = new StringContent(GoodOrder, Encoding.UTF8, "text/csv");

        using var answer = await gateway.Client.PostAsync("/test/orders", content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains("application/json", (await ProblemOf(answer, "unsupported_media_type")).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/test/orders", 10_000_000, false)]
    [InlineData("/test/orders", 1_100_000, true)]
    [InlineData("/test/small", 101, false)]
    public async Task Body_over_the_limit_is_413(string path, int bytes, bool chunked)
    {
        using var content = new StringContent(new string(' ', bytes), Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.TransferEncodingChunked = chunked;

        using var answer = await gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        await ProblemOf(answer, "body_too_large");
    }

    [Fact]
    public async Task Route_without_a_limit_reads_any_size()
    {
        using var answer = await PostAsync("/test/stream", new string(' ', 5_000_000));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Without_the_administrators_token_the_body_is_not_even_read()
    {
        using var anonymous = await PostAsync("/test/secret", "{");
        using var wrong = new HttpRequestMessage(HttpMethod.Post, "/test/secret") { Headers = { { "Authorization", "Bearer " + GatewayFixture.AdminToken + "x" } } };
        using var wrongAnswer = await gateway.Client.SendAsync(wrong);
        using var body = new StringContent(GoodOrder, Encoding.UTF8, "application/json");
        using var right = await gateway.Admin.PostAsync("/test/secret", body);

        var problem = await ProblemOf(anonymous, "unauthorized");
        Assert.Contains("Bearer", problem.GetProperty("remedy").GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("Bearer", anonymous.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal(HttpStatusCode.Unauthorized, wrongAnswer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task Handlers_learn_who_calls()
    {
        Assert.Contains("false", await gateway.Client.GetStringAsync("/test/agent"), StringComparison.Ordinal);
        Assert.Contains("true", await gateway.Admin.GetStringAsync("/test/agent"), StringComparison.Ordinal);
    }

    [Fact]
    public void Validation_failures_carry_wire_names()
    {
        var problem = Validation.Check(new OrderValidator(), new Order("", [new("pen", 1), new("ink", 0)]))!;

        Assert.Equal([("/buyer_name", "required"), ("/order_lines/1/unit_count", "too_few")], problem.Errors.Select(error => (error.Pointer, error.Code)));
    }

    [Theory]
    [InlineData("$", "")]
    [InlineData("$.must[0]['odd.name'].a_b", "/must/0/odd.name/a_b")]
    [InlineData("$['a/b~c']", "/a~1b~0c")]
    public void Json_paths_become_pointers(string path, string pointer) => Assert.Equal(pointer, BindingFailures.PointerOf(path));

    private async Task<HttpResponseMessage> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await gateway.Client.PostAsync(path, content);
    }

    private static async Task<JsonElement> ProblemOf(HttpResponseMessage answer, string code)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await GatewayFixture.ReadJsonAsync(answer);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal("/problems/" + code, problem.GetProperty("type").GetString());
        Assert.Equal((int)answer.StatusCode, problem.GetProperty("status").GetInt32());
        return problem;
    }
}
