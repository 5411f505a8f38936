using System.Text.Encodings.Web;
using System.Text.Json;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Tests.Reference;

/// <summary>A small schema with one of everything, and data for it that both implementations read as it is.</summary>
internal static class PetSchema
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public const string Sdl = """
        directive @onQuery(note: String!) on QUERY
        directive @onField(level: Int = 1, tag: Color) repeatable on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT | FRAGMENT_DEFINITION | VARIABLE_DEFINITION

        scalar Any

        enum Color {
          BROWN
          BLACK
          TAN
          SPOTTED @deprecated
        }

        interface Being {
          name(surname: Boolean): String
        }

        interface Pet implements Being {
          name(surname: Boolean): String
          friend: Pet
        }

        type Dog implements Being & Pet {
          name(surname: Boolean): String
          friend: Pet
          nickname: String
          barkVolume: Int
          barks: Boolean!
          colors: [Color!]
          isAt(x: Int!, y: Int! = 0): Boolean
          owner: Human!
        }

        type Cat implements Being & Pet {
          name(surname: Boolean): String
          friend: Pet
          nickname: String!
          meowVolume: Float
          meows: Boolean
          owner: Human
        }

        type Human implements Being {
          name(surname: Boolean): String
          id: ID!
          pets(first: Int = 10, color: Color): [Pet!]
          relatives: [Human]!
          iq: Int
        }

        type Alien implements Being {
          name(surname: Boolean): String
          iq: Int
        }

        union CatOrDog = Cat | Dog
        union HumanOrAlien = Human | Alien

        input Range {
          from: Int!
          to: Int = 9
        }

        input Filter {
          name: String
          ids: [ID!]
          range: Range
          ranges: [[Range]]
          color: Color = BLACK
          weight: Float
          not: Filter
          any: Any
        }

        input OneOf @oneOf {
          name: String
          number: Int
          range: Range
        }

        type Query {
          dog: Dog
          cat: Cat!
          human(id: ID, filter: Filter): Human
          pet: Pet
          being: Being
          pets: [Pet]!
          strict: [Pet!]!
          catOrDog: CatOrDog
          humanOrAlien: HumanOrAlien!
          any(value: Any): Any
          echo(int: Int = 3, float: Float, text: String, flag: Boolean! = false, id: ID, color: Color, list: [Int!], filter: Filter, one: OneOf): String
          required(a: Int!, b: [String!]! = ["b"]): String
        }

        type Mutation {
          rename(name: String!): Dog
        }

        type Subscription {
          dog: Dog
          news(topic: String): String
        }
        """;

    public const string Data = """
        {
          "dog": { "__typename": "Dog", "name": "Rex", "friend": { "__typename": "Cat", "name": "Tom", "nickname": "T", "owner": null },
            "nickname": null, "barkVolume": 7, "barks": true, "colors": ["BROWN", "TAN"], "isAt": false,
            "owner": { "__typename": "Human", "name": "Ann", "id": "h1", "pets": [{ "__typename": "Dog", "name": "Rex", "barks": null }], "relatives": [null, { "__typename": "Human", "name": null, "id": 7, "relatives": [] }], "iq": 120 } },
          "cat": { "__typename": "Cat", "name": "Tom", "friend": null, "nickname": "T", "meowVolume": 2.5, "meows": null, "owner": { "__typename": "Human", "name": "Bob", "id": null, "pets": null, "relatives": null } },
          "human": { "__typename": "Human", "name": "Ann", "id": "h1", "pets": [{ "__typename": "Cat", "name": "Tom", "nickname": null }, { "__typename": "Dog", "name": "Rex", "barks": true, "colors": [], "owner": null }], "relatives": [], "iq": 9 },
          "pet": { "__typename": "Cat", "name": "Kit", "nickname": null, "friend": { "__typename": "Dog", "name": "Rex", "barks": false } },
          "being": { "__typename": "Alien", "name": "Zog", "iq": 1000 },
          "pets": [{ "__typename": "Dog", "name": "Rex", "barks": true }, null, { "__typename": "Cat", "name": "Kit", "nickname": null }],
          "strict": [{ "__typename": "Cat", "name": "Kit", "nickname": "K" }, { "__typename": "Dog", "name": "Rex", "barks": null }],
          "catOrDog": { "__typename": "Dog", "name": "Rex", "barks": true, "owner": { "__typename": "Human", "name": "Ann", "id": "h1", "relatives": [] } },
          "humanOrAlien": { "__typename": "Human", "name": "Ann", "id": "h1", "relatives": [{ "__typename": "Human", "id": "h2", "relatives": null }] },
          "any": { "free": ["form", 1, 2.5, null, true] },
          "required": "given",
          "rename": { "__typename": "Dog", "name": "Max", "barks": true }
        }
        """;

    public static Schema Schema { get; } = Schema.Parse(Sdl, new Resolvers()
        .Field("Query", "echo", (_, _, arguments) => Show(arguments)));

    public static JsonElement Root { get; } = JsonDocument.Parse(Data).RootElement;

    private static string Show(Arguments arguments)
    {
        var shown = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var name in new[] { "int", "float", "text", "flag", "id", "color", "list", "filter", "one" })
        {
            if (arguments.TryGet(name, out var value))
            {
                shown.Add(name, Plain(value));
            }
        }
        return JsonSerializer.Serialize(shown, Relaxed);
    }

    private static object? Plain(object? value) => value switch
    {
        IReadOnlyDictionary<string, object?> members => new SortedDictionary<string, object?>(
            members.ToDictionary(member => member.Key, member => Plain(member.Value)), StringComparer.Ordinal),
        object?[] items => items.Select(Plain).ToArray(),
        _ => value,
    };
}
