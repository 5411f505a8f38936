using System.Net;
using System.Text.Json;
using CustobotGateway.GraphQL.Types;
using CustobotGateway.GraphQLDoor.Operations;
using CustobotGateway.GraphQLDoor.Schemas;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.GraphQLDoor.Operations;

/// <summary>Both doors answer the same: every member of REST's answer is a field with that value, and no field says more.</summary>
public sealed class AnswerParityTests(BuyingFixture shop) : IClassFixture<BuyingFixture>
{
    private const int Deepest = 9;

    [Fact]
    public async Task Every_member_that_rest_answers_is_a_field_with_the_same_value()
    {
        var bought = await shop.BuyAsync(quantity: 2);
        await bought.DeliverAsync("""{"carrier":"Parcel Service","tracking_number":"PS7","promise":{"latest":"2040-05-06T00:00:00Z"}}""");
        var (_, opened) = await bought.Agent.PostAsync(bought.Path + "/cases", """{"subject":"It arrived broken","text":"The glass is cracked."}""");
        var (_, back) = await bought.Agent.PostAsync(bought.Path + "/returns", """{"line_items":[{"id":"li_1","quantity":1}],"reason":"damaged","comment":"Cracked"}""");
        var session = await shop.OpenAsync(bought.Agent, bought.Product);
        var (cart, returned) = ((await bought.Agent.PostAsync("/v1/carts", $$"""{"line_items":[{"product_id":"{{bought.Product}}","quantity":1}],"attribution":{"campaign_id":"a_b"} }""")).Body, back.GetProperty("id").GetString());

        foreach (var (path, field) in new[]
        {
            (bought.Path, $"order(id: \"{bought.Id}\")"),
            ("/v1/orders?size=1", "orders(first: 1)"),
            ("/v1/cases/" + opened.GetProperty("id").GetString(), $"case(id: \"{opened.GetProperty("id").GetString()}\")"),
            ($"{bought.Path}/returns/{returned}", $"return(id: \"{bought.Id}\", returnId: \"{returned}\")"),
            ("/v1/return_policy?product_id=" + bought.Product, $"returnPolicy(productId: \"{bought.Product}\")"),
            ("/v1/checkout_sessions/" + session, $"checkoutSession(id: \"{session}\")"),
            ("/v1/carts/" + cart.GetProperty("id").GetString(), $"cart(id: \"{cart.GetProperty("id").GetString()}\")"),
            ("/v1/payment_handlers", "paymentHandlers"),
        })
        {
            var (status, rest) = await bought.Agent.GetAsync(path);
            var name = field.Split('(')[0];
            var type = (CompositeType)shop.App.Services.GetRequiredService<SchemaSource>().Current.Schema.Query.Fields.Find(name)!.Type.Named;

            var answer = await shop.DoOneAsync(bought.Agent.Token, $"{{ {field} {Everything(type, 1)} }}");

            Assert.Equal(HttpStatusCode.OK, status);
            ShouldBe(rest, answer, "/" + name, type);
        }
    }

    // All fields of a type, as deep as anything here goes.
    private static string Everything(CompositeType type, int depth) => "{ " + string.Join(' ', type.Fields.Select(field =>
        field.Type.Named is CompositeType below ? depth < Deepest ? $"{field.Name} {Everything(below, depth + 1)}" : "" : field.Name)) + " }";

    private static void ShouldBe(JsonElement rest, JsonElement field, string path, NamedType? type)
    {
        switch (rest.ValueKind)
        {
            case JsonValueKind.Object when type is CompositeType composite:
                foreach (var member in rest.EnumerateObject())
                {
                    var name = FieldPointers.Camel(member.Name);
                    Assert.True(field.TryGetProperty(name, out var value), $"{path}/{name} is no field.");
                    ShouldBe(member.Value, value, $"{path}/{name}", composite.Fields.Find(name)!.Type.Named);
                }
                var told = rest.EnumerateObject().Select(member => FieldPointers.Camel(member.Name)).ToHashSet();
                Assert.DoesNotContain(field.EnumerateObject(), member => member.Value.ValueKind != JsonValueKind.Null && !told.Contains(member.Name));
                break;
            case JsonValueKind.Array when type is not null:
                Assert.True(rest.GetArrayLength() == field.GetArrayLength(), $"{path}: {rest} {field}");
                for (var i = 0; i < rest.GetArrayLength(); i++)
                {
                    ShouldBe(rest[i], field[i], $"{path}/{i}", type);
                }
                break;
            case JsonValueKind.String when type is EnumType:
                Assert.Equal(rest.GetString(), field.GetString(), ignoreCase: true);
                break;
            default:
                Assert.True(JsonElement.DeepEquals(rest, field), $"{path}: {rest} {field}");
                break;
        }
    }
}
